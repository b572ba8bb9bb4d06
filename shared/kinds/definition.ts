import type { z } from "zod";

/** One column that kubectl prints. */
export interface ColumnDefinition {
  name: string;
  type: "string" | "integer" | "number" | "boolean" | "date";
  jsonPath: string;
  /** Above 0 only with `-o wide`. */
  priority?: number;
}

/** A kind of ours: what its CustomResourceDefinition is made from. */
export interface KindDefinition {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  namespaced: boolean;
  description: string;
  spec: z.ZodObject;
  /** True where a document may leave `spec` out. */
  specOptional?: boolean;
  status: z.ZodObject;
  columns: ColumnDefinition[];
  selectableFields?: string[];
}
