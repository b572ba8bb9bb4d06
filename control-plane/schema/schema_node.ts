import { isJsonObject, type Json, type JsonObject } from "@servicelet/shared/krm";

/** One node of an OpenAPI v3 schema, read once: what validation, pruning, defaulting and apply are compiled from. */
export interface SchemaNode {
  /** Undefined where any type will do. */
  readonly type: string | undefined;
  readonly nullable: boolean;
  readonly properties: ReadonlyMap<string, SchemaNode>;
  /** Schema of every field that `properties` does not name; true and false allow and forbid them. */
  readonly additionalProperties: SchemaNode | boolean | undefined;
  readonly items: SchemaNode | undefined;
  readonly default: Json | undefined;
  readonly preserveUnknownFields: boolean;
  readonly embeddedResource: boolean;
  readonly intOrString: boolean;
  readonly listType: string | undefined;
  readonly listMapKeys: readonly string[];
  readonly allOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly oneOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
  /** The node as it was written, for the keywords that limit a value. */
  readonly keywords: JsonObject;
}

/** The fields that every document has, which the model types and no schema of a kind. */
export const META_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** Reads a schema. What is malformed counts as absent: `checkStructural` is where it is told of. */
export function readSchema(schema: Json | undefined): SchemaNode {
  const node = isJsonObject(schema) ? schema : {};
  const additional = node["additionalProperties"];
  return {
    type: text(node["type"]),
    nullable: node["nullable"] === true,
    properties: properties(node["properties"]),
    additionalProperties: isJsonObject(additional)
      ? readSchema(additional)
      : typeof additional === "boolean"
      ? additional
      : undefined,
    items: isJsonObject(node["items"]) ? readSchema(node["items"]) : undefined,
    default: node["default"] === null ? undefined : node["default"],
    preserveUnknownFields: node["x-kubernetes-preserve-unknown-fields"] === true,
    embeddedResource: node["x-kubernetes-embedded-resource"] === true,
    intOrString: node["x-kubernetes-int-or-string"] === true,
    listType: text(node["x-kubernetes-list-type"]),
    listMapKeys: texts(node["x-kubernetes-list-map-keys"]),
    allOf: nodes(node["allOf"]),
    anyOf: nodes(node["anyOf"]),
    oneOf: nodes(node["oneOf"]),
    not: isJsonObject(node["not"]) ? readSchema(node["not"]) : undefined,
    keywords: node,
  };
}

/** The schema of a field of an object; undefined where the schema does not say. */
export function fieldSchema(node: SchemaNode, field: string): SchemaNode | undefined {
  const known = node.properties.get(field);
  if (known) return known;
  return typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
}

/** The texts in a list; none where it is no list. */
export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function nodes(value: Json | undefined): readonly SchemaNode[] {
  return Array.isArray(value) ? value.map(readSchema) : [];
}

function properties(value: Json | undefined): ReadonlyMap<string, SchemaNode> {
  if (!isJsonObject(value)) return new Map();
  return new Map(Object.entries(value).map(([name, schema]) => [name, readSchema(schema)]));
}
