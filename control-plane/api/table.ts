import type { Json, JsonObject, KubeObject } from "@servicelet/shared/krm";
import type { Column, Resource } from "../registry/resource.ts";
import { ageOf } from "./age.ts";
import { metadataOf } from "./partial_metadata.ts";

/** What a row carries beside its cells. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** How a table is made. */
export interface TableOptions {
  /** `meta.k8s.io/v1` or `meta.k8s.io/v1beta1`. */
  readonly apiVersion: string;
  /** Metadata of the list: its resourceVersion and how to go on. */
  readonly metadata: JsonObject;
  readonly includeObject: IncludeObject;
  /** False leaves out the columns' definitions: of a watch only the first table has them. */
  readonly headers: boolean;
  /** Milliseconds since 1970, for ages. */
  readonly now: number;
}

/** Documents as kubectl prints them: a `meta.k8s.io` Table.
 *
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/response.go
 */
export function tableOf(
  { columns }: Pick<Resource, "columns">,
  documents: readonly KubeObject[],
  { apiVersion, metadata, includeObject, headers, now }: TableOptions,
): JsonObject {
  return {
    kind: "Table",
    apiVersion,
    metadata,
    columnDefinitions: headers ? columns.map(columnDefinition) : null,
    rows: documents.map((document) => {
      const cells = columns.map((column) => cellOf(column, document, now));
      if (includeObject === "None") return { cells, object: null };
      return {
        cells,
        object: includeObject === "Object" ? document as Json : metadataOf(document, apiVersion),
      };
    }),
  };
}

function columnDefinition({ name, type, format = "", description = "", priority = 0 }: Column): JsonObject {
  return { name, type, format, description, priority };
}

function cellOf(column: Column, document: KubeObject, now: number): Json {
  const cell = column.cell(document);
  return column.type === "date" && typeof cell === "string" && !column.verbatim ? ageOf(cell, now) : cell;
}
