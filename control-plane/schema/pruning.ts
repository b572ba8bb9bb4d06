import { isJsonObject, type Json, type JsonObject } from "@servicelet/shared/krm";
import { pathText } from "./findings.ts";
import { META_FIELDS, type SchemaNode } from "./schema_node.ts";

/** Removes fields that the schema does not know from a document, in place; answers their paths, sorted. */
export type Prune = (document: Json) => string[];

interface Pruned {
  readonly path: (string | number)[];
  readonly removed: string[];
}

type Removal = (value: Json, pruned: Pruned) => void;

/** Compiles the pruning of documents.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/schema/pruning/algorithm.go
 */
export function compilePruning(root: SchemaNode): Prune {
  const remove = compileRemoval({ ...root, embeddedResource: true });
  return function prune(document) {
    const pruned: Pruned = { path: [], removed: [] };
    remove(document, pruned);
    return pruned.removed.sort();
  };
}

function compileRemoval(node: SchemaNode): Removal {
  const fields = new Map([...node.properties].map(([name, child]) => [name, compileRemoval(child)]));
  const other = node.additionalProperties === undefined
    ? undefined
    : typeof node.additionalProperties === "object"
    ? compileRemoval(node.additionalProperties)
    : removeAll;
  const { preserveUnknownFields: preserve, embeddedResource: embedded, items } = node;
  const item = items
    ? compileRemoval(preserve ? { ...items, preserveUnknownFields: true } : items)
    : removeAll;

  function removeFields(value: JsonObject, pruned: Pruned): void {
    for (const key of Object.keys(value)) {
      if (embedded && META_FIELDS.has(key)) continue;
      const remove = fields.get(key) ?? other;
      if (remove) at(key, value[key] as Json, remove, pruned);
      else if (!preserve) drop(value, key, pruned);
    }
  }
  return function remove(value, pruned) {
    if (Array.isArray(value)) {
      if (!preserve || items) value.forEach((child, i) => at(i, child, item, pruned));
    } else if (isJsonObject(value)) removeFields(value, pruned);
  };
}

/** Where the schema says nothing about a value, it may have no fields. */
function removeAll(value: Json, pruned: Pruned): void {
  if (Array.isArray(value)) value.forEach((child, i) => at(i, child, removeAll, pruned));
  else if (isJsonObject(value)) Object.keys(value).forEach((key) => drop(value, key, pruned));
}

function drop(value: JsonObject, key: string, { path, removed }: Pruned): void {
  removed.push(pathText([...path, key]));
  delete value[key];
}

function at(step: string | number, value: Json, remove: Removal, pruned: Pruned): void {
  if (typeof value !== "object" || value === null) return;
  pruned.path.push(step);
  remove(value, pruned);
  pruned.path.pop();
}
