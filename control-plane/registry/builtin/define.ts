import type { JsonObject } from "@servicelet/shared/krm";
import { compileSchemaOnDemand } from "../../schema/compile_schema.ts";
import type { Column, Resource } from "../resource.ts";

/** Every verb of a resource. */
export const ALL_VERBS: readonly string[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** What a built-in kind says of itself; the rest follows from it. */
export interface BuiltIn
  extends
    Pick<Resource, "group" | "version" | "kind" | "plural" | "namespaced" | "strategy">,
    Partial<
      Pick<Resource, "shortNames" | "categories" | "verbs" | "subresources" | "columns" | "fields">
    > {
  readonly description: string;
  /** Schema of the fields beside apiVersion, kind and metadata. */
  readonly properties: { readonly [field: string]: JsonObject };
}

/** The resource of a built-in kind. */
export function builtIn({ description, properties, ...kind }: BuiltIn): Resource {
  return {
    singular: kind.kind.toLowerCase(),
    listKind: `${kind.kind}List`,
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    subresources: [],
    columns: [nameColumn, ageColumn],
    fields: {},
    ...kind,
    storageVersion: kind.version,
    custom: false,
    schema: compileSchemaOnDemand({
      type: "object",
      description,
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { type: "object" },
        ...properties,
      },
    }),
  };
}

/** The column that every table starts with. */
export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name of the document, unique in its namespace.",
  cell: ({ metadata }) => metadata.name,
};

/** The column that most tables end with. */
export const ageColumn: Column = {
  name: "Age",
  type: "date",
  description: "Time since the document was created.",
  cell: ({ metadata }) => metadata.creationTimestamp ?? null,
};

/** A text. */
export const text: JsonObject = { type: "string" };
/** A whole number of 32 bits. */
export const int32: JsonObject = { type: "integer", format: "int32" };
/** A time with seconds. */
export const time: JsonObject = { type: "string", format: "date-time" };
/** A map of texts. */
export const texts: JsonObject = { type: "object", additionalProperties: { type: "string" } };

/** A text with its meaning. */
export function described(schema: JsonObject, description: string): JsonObject {
  return { ...schema, description };
}

/** An object with these properties. */
export function object(properties: { [field: string]: JsonObject }, required: string[] = []): JsonObject {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
}

/** A list of these items. */
export function list(items: JsonObject): JsonObject {
  return { type: "array", items };
}
