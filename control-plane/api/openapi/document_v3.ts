import type { Json, JsonObject } from "@servicelet/shared/krm";
import type { Resource } from "../../registry/resource.ts";
import { VERSION } from "../version.ts";
import { kindSchemas } from "./kind_schemas.ts";
import { META_SCHEMAS } from "./meta_schemas.ts";
import { answerDescription, needsBody, type Operation, servedPaths } from "./operations.ts";
import { kindOf, reference } from "./schema_names.ts";

const ANSWER_TYPES = ["application/json", "application/yaml"];

/** The OpenAPI v3 document of one group and version.
 *
 * @param resources all that it serves
 */
export function documentV3(resources: readonly Resource[]): JsonObject {
  const paths = resources.flatMap((resource) =>
    servedPaths(resource).map(({ path, parameters, operations }): [string, JsonObject] => [path, {
      ...Object.fromEntries(operations.map((operation) => [operation.method, written(operation, resource)])),
      parameters: parameters as unknown as Json,
    }])
  );
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: VERSION.gitVersion },
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.assign({}, META_SCHEMAS, ...resources.map(kindSchemas)),
      securitySchemes: {
        BearerToken: {
          type: "apiKey",
          in: "header",
          name: "authorization",
          description: "Bearer Token authentication",
        },
      },
    },
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
      content: contentOf(schema, ANSWER_TYPES),
    },
  ]);
  return {
    description,
    operationId: id,
    tags: [tagOf(resource)],
    ...(parameters.length > 0 ? { parameters: parameters as unknown as Json } : {}),
    ...(body
      ? {
        requestBody: {
          required: needsBody(action),
          content: contentOf(body.schema, body.types),
        },
      }
      : {}),
    responses: { ...Object.fromEntries(answers), 401: { description: "Unauthorized" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kindOf(resource),
  };
}

function contentOf(schema: string, types: readonly string[]): JsonObject {
  return Object.fromEntries(types.map((type) => [type, { schema: reference(schema) }]));
}

function tagOf({ group, version }: Resource): string {
  return `${group === "" ? "core" : group.replace(/\.k8s\.io$/, "").replaceAll(".", "_")}_${version}`;
}
