import { isJsonObject, type Json, type JsonObject } from "../krm/mod.ts";
import { z } from "zod";

/** Formats that Kubernetes checks, of those that we use. */
const FORMATS = ["date-time"];

/** Keywords that are taken over as they are. */
const KEPT = [
  "type",
  "description",
  "default",
  "enum",
  "pattern",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "required",
  "oneOf",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
];

/** Keywords that zod writes and Kubernetes forbids or does not need. */
const DROPPED = ["$schema", "propertyNames"];

/** The structural schema of what a client may send: fields with defaults are not required.
 *
 * @throws {TypeError} the zod schema uses what a structural schema cannot say, such as a union; the message says where
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function structuralSchema(schema: z.ZodType): JsonObject {
  return structural(z.toJSONSchema(schema, { io: "input" }) as JsonObject, "");
}

function structural(node: JsonObject, path: string): JsonObject {
  const result: JsonObject = {};
  for (const [keyword, value] of Object.entries(node)) {
    const kept = translate(keyword, value, path);
    if (kept !== undefined) result[keyword] = kept;
  }
  return result;
}

function translate(keyword: string, value: Json, path: string): Json | undefined {
  if (DROPPED.includes(keyword)) return undefined;
  if (KEPT.includes(keyword)) return value;
  switch (keyword) {
    case "properties":
      return Object.fromEntries(
        Object.entries(nodeOf(value, path)).map(([name, child]) => {
          const at = `${path}.${name}`;
          return [name, structural(nodeOf(child, at), at)];
        }),
      );
    case "items":
      return structural(nodeOf(value, `${path}[]`), `${path}[]`);
    case "additionalProperties":
      return value === false ? undefined : structural(nodeOf(value, `${path}.*`), `${path}.*`);
    case "format":
      return FORMATS.some((format) => format === value) ? value : undefined;
    case "minimum":
    case "maximum":
      // zod bounds every integer by what JavaScript holds exactly; that is no rule of the document.
      return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER ? undefined : value;
    default:
      throw new TypeError(`Cannot generate a structural schema: ${path || "the root"} uses ${keyword}`);
  }
}

function nodeOf(value: Json, path: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new TypeError(`Cannot generate a structural schema: ${path || "the root"} must be an object`);
}
