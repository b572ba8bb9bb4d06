import { isJsonObject, type JsonObject } from "@servicelet/shared/krm";
import type { Resource } from "../../registry/resource.ts";
import { LIST_METADATA, METADATA, TYPE_META } from "./meta_schemas.ts";
import { kindOf, listSchemaName, reference, schemaName } from "./schema_names.ts";

/** Definitions of a resource's kind and of its list, by name. */
export function kindSchemas(resource: Resource): Record<string, JsonObject> {
  return { [schemaName(resource)]: kindSchema(resource), [listSchemaName(resource)]: listSchema(resource) };
}

function kindSchema(resource: Resource): JsonObject {
  const schema = resource.schema?.openapi ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  return {
    ...schema,
    properties: {
      ...TYPE_META,
      ...properties,
      apiVersion: TYPE_META["apiVersion"] ?? {},
      kind: TYPE_META["kind"] ?? {},
      metadata: METADATA,
    },
    "x-kubernetes-group-version-kind": [kindOf(resource)],
  };
}

function listSchema(resource: Resource): JsonObject {
  const { kind, listKind } = resource;
  return {
    type: "object",
    description: `${listKind} is a list of ${kind}`,
    required: ["items"],
    properties: {
      ...TYPE_META,
      items: {
        type: "array",
        description: `List of ${resource.plural}.`,
        items: { allOf: [reference(schemaName(resource))], default: {} },
      },
      metadata: LIST_METADATA,
    },
    "x-kubernetes-group-version-kind": [kindOf({ ...resource, kind: listKind })],
  };
}
