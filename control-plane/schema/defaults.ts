import { isJsonObject, type Json, type JsonObject } from "@servicelet/shared/krm";
import { fieldSchema, META_FIELDS, type SchemaNode } from "./schema_node.ts";

/** Changes a value in place. */
export type Change = (value: Json) => void;

/** Compiles what drops nulls that a field may not have and no default replaces; undefined where there is nothing to do.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/schema/defaulting/prunenulls.go
 */
export function compileNullDropping(node: SchemaNode, isDocument: boolean): Change {
  const fields = new Map(
    [...node.properties].map(([name, child]) => [name, compileNullDropping(child, false)]),
  );
  const other = typeof node.additionalProperties === "object"
    ? compileNullDropping(node.additionalProperties, false)
    : undefined;
  const item = node.items && compileNullDropping(node.items, false);
  return function dropNulls(value) {
    if (Array.isArray(value)) {
      if (item) value.forEach(item);
    } else if (isJsonObject(value)) {
      for (const key of Object.keys(value)) {
        if (isDocument && META_FIELDS.has(key)) continue;
        const child = value[key] as Json;
        if (child !== null) (fields.get(key) ?? other)?.(child);
        else if (!mayBeNull(fieldSchema(node, key))) delete value[key];
      }
    }
  };
}

function mayBeNull(schema: SchemaNode | undefined): boolean {
  return schema === undefined || schema.nullable || schema.default !== undefined;
}

/** Compiles what fills in defaults; undefined where there are none below this node.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/schema/defaulting/algorithm.go
 */
export function compileDefaults(node: SchemaNode, isDocument: boolean): Change | undefined {
  const own = [...node.properties].filter(([name]) => !(isDocument && META_FIELDS.has(name)));
  const missing = own.flatMap(([name, child]) => child.default === undefined ? [] : [{ name, child }]);
  const below = new Map<string, Change>();
  for (const [name, child] of own) {
    const change = compileDefaults(child, false);
    if (change) below.set(name, change);
  }
  const other = valueDefaults(node.additionalProperties);
  const item = valueDefaults(node.items);
  if (missing.length === 0 && below.size === 0 && !other && !item) return undefined;

  function fill(value: JsonObject): void {
    for (const { name, child } of missing) {
      const present = Object.hasOwn(value, name) ? value[name] : undefined;
      if (present === undefined || (present === null && !child.nullable)) {
        value[name] = structuredClone(child.default as Json);
      }
    }
    for (const [name, change] of below) {
      const present = Object.hasOwn(value, name) ? value[name] : undefined;
      if (present !== undefined) change(present);
    }
    if (!other) return;
    for (const key of Object.keys(value)) {
      if (!node.properties.has(key) && !(isDocument && META_FIELDS.has(key))) {
        value[key] = other(value[key] as Json);
      }
    }
  }

  return function applyDefaults(value) {
    if (Array.isArray(value)) {
      if (item) value.forEach((child, i) => value[i] = item(child));
    } else if (isJsonObject(value)) fill(value);
  };
}

/** The value of an item or of a field of any name with its defaults; a null that may not be is replaced. */
function valueDefaults(node: SchemaNode | boolean | undefined): ((value: Json) => Json) | undefined {
  if (typeof node !== "object") return undefined;
  const change = compileDefaults(node, false);
  const { default: replacement, nullable } = node;
  if (!change && replacement === undefined) return undefined;
  return function withDefaults(value) {
    const present = value === null && !nullable && replacement !== undefined
      ? structuredClone(replacement)
      : value;
    change?.(present);
    return present;
  };
}
