import { isJsonObject, type Json, type JsonObject } from "@servicelet/shared/krm";
import type { Resource } from "../../registry/resource.ts";
import { VERSION } from "../version.ts";
import { kindSchemas } from "./kind_schemas.ts";
import { META_SCHEMAS } from "./meta_schemas.ts";
import { answerDescription, needsBody, type Operation, servedPaths } from "./operations.ts";
import type { Parameter } from "./parameters.ts";
import { kindOf } from "./schema_names.ts";

const ANSWER_TYPES = ["application/json", "application/yaml"];

/** The OpenAPI v2 (Swagger) document of everything that is served, for clients that know no other. */
export function documentV2(resources: readonly Resource[]): JsonObject {
  const schemas: Record<string, JsonObject> = Object.assign({}, META_SCHEMAS, ...resources.map(kindSchemas));
  const paths = resources.flatMap((resource) =>
    servedPaths(resource).map(({ path, parameters, operations }): [string, JsonObject] => [path, {
      ...Object.fromEntries(operations.map((operation) => [operation.method, written(operation, resource)])),
      parameters: parameters.map(parameterOf),
    }])
  );
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: VERSION.gitVersion },
    paths: Object.fromEntries(paths),
    definitions: Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, schemaV2(schema)]),
    ),
    securityDefinitions: {
      BearerToken: {
        type: "apiKey",
        in: "header",
        name: "authorization",
        description: "Bearer Token authentication",
      },
    },
    security: [{ BearerToken: [] }],
  };
}

function written(
  { action, id, description, parameters, body, responses }: Operation,
  resource: Resource,
): JsonObject {
  const answers = Object.entries(responses).map(([code, schema]) => [
    code,
    {
      description: answerDescription(code),
      schema: referenceTo(schema),
    },
  ]);
  const bodyParameter = body &&
    {
      name: "body",
      in: "body",
      required: needsBody(action),
      schema: referenceTo(body.schema),
    };
  return {
    description,
    operationId: id,
    consumes: [...body?.types ?? ["*/*"]],
    produces: ANSWER_TYPES,
    schemes: ["https"],
    parameters: [...(bodyParameter ? [bodyParameter] : []), ...parameters.map(parameterOf)],
    responses: { ...Object.fromEntries(answers), 401: { description: "Unauthorized" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kindOf(resource),
  };
}

function referenceTo(name: string): JsonObject {
  return { $ref: `#/definitions/${name}` };
}

function parameterOf({ schema, ...parameter }: Parameter): JsonObject {
  return { ...parameter, ...schema };
}

/** What Swagger 2 cannot say. */
const DROPPED: readonly string[] = ["nullable", "anyOf", "oneOf", "not"];

/** A schema as Swagger 2 can say it: less, never something else.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/controller/openapi/v2/conversion.go
 */
function schemaV2(schema: JsonObject): JsonObject {
  const only = Array.isArray(schema["allOf"]) && schema["allOf"].length === 1
    ? schema["allOf"][0]
    : undefined;
  if (isJsonObject(only) && typeof only["$ref"] === "string") {
    const { allOf: _allOf, default: _default, ...beside } = schema;
    return { ...beside, ...referenceTo(nameIn(only["$ref"])) };
  }
  const result: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!DROPPED.includes(keyword)) result[keyword] = valueV2(keyword, value);
  }
  // An int-or-string has no type; of an open object the fields named are not all that it may have; null has none either.
  if (schema["x-kubernetes-int-or-string"] === true) delete result["type"];
  if (schema["nullable"] === true) {
    for (const keyword of ["type", "items", "properties"]) delete result[keyword];
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) {
    for (const keyword of ["items", "properties", "required", "additionalProperties"]) delete result[keyword];
  }
  return result;
}

function valueV2(keyword: string, value: Json): Json {
  if (keyword === "$ref") return `#/definitions/${nameIn(String(value))}`;
  if (keyword === "properties" && isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, isJsonObject(child) ? schemaV2(child) : child]),
    );
  }
  if ((keyword === "items" || keyword === "additionalProperties") && isJsonObject(value)) {
    return schemaV2(value);
  }
  if (keyword === "allOf" && Array.isArray(value)) {
    return value.map((child) => isJsonObject(child) ? schemaV2(child) : child);
  }
  return value;
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
