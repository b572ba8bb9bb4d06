import type { z } from "zod";

/** One column that kubectl prints. */
export interface ColumnDefinition {
  /** Heading. */
  name: string;
  /** How the cell is read and shown. */
  type: "string" | "integer" | "number" | "boolean" | "date";
  /** Where the cell stands in the document. */
  jsonPath: string;
  /** Above 0 only with `-o wide`. */
  priority?: number;
}

/** A kind of ours: what its CustomResourceDefinition is made from. */
export interface KindDefinition {
  /** API group. */
  group: string;
  /** The one version. */
  version: string;
  /** Kind in CamelCase. */
  kind: string;
  /** Name in paths. */
  plural: string;
  /** Name for one document on the command line. */
  singular: string;
  /** Further names on the command line. */
  shortNames: string[];
  /** False for a cluster-scoped kind. */
  namespaced: boolean;
  /** One sentence for `kubectl explain`. */
  description: string;
  /** Schema of what is wanted. */
  spec: z.ZodObject;
  /** True where a document may leave `spec` out. */
  specOptional?: boolean;
  /** Schema of what is reported. */
  status: z.ZodObject;
  /** What `kubectl get` prints. */
  columns: ColumnDefinition[];
  /** Paths that field selectors know. */
  selectableFields?: string[];
}
