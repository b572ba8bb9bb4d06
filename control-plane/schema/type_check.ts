import type { Json } from "@servicelet/shared/krm";
import { type Check, reportInBody } from "./findings.ts";
import type { SchemaNode } from "./schema_node.ts";

/** Name of a value's JSON type. */
export function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Checks the JSON type; undefined where any will do. The order of checks is Kubernetes': where the type is wrong, the rest that does
 * not concern the value's own type says nothing. */
export function typeCheck(node: SchemaNode): Check | undefined {
  const types = node.intOrString ? ["integer", "string"] : node.type === undefined ? [] : [node.type];
  if (types.length === 0) return undefined;
  const wanted = types.join(",");
  return function checkType(value, findings) {
    const actual = typeOf(value);
    if (types.includes(actual) || (actual === "integer" && node.type === "number")) return;
    if (value === null && node.nullable) return;
    reportInBody(
      findings,
      actual,
      `must be of type ${wanted}: ${JSON.stringify(actual)}`,
      "FieldValueTypeInvalid",
    );
  };
}
