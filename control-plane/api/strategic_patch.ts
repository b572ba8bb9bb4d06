/** Strategic merge patches, as kubectl sends them for built-in kinds.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 * @module
 */
import { deepEqual, isJsonObject, type Json, type JsonObject } from "@servicelet/shared/krm";
import { badRequest } from "../registry/failures.ts";

/** Lists that are merged and not replaced: of objects by a key, of values (empty key) as sets. Every other list is replaced. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  "metadata.finalizers": "",
  "metadata.ownerReferences": "uid",
  "status.conditions": "type",
};

const ORDER = "$setElementOrder/";
const DELETE_VALUES = "$deleteFromPrimitiveList/";
const RETAIN_KEYS = "$retainKeys";
const DIRECTIVE = "$patch";

/** The target with a strategic merge patch applied; neither argument is changed.
 *
 * @throws {StatusError} `BadRequest` for a directive that does not fit
 */
export function applyStrategicPatch(target: JsonObject, patch: JsonObject): JsonObject {
  return mergeObjects(target, patch, "");
}

function mergeObjects(target: JsonObject, patch: JsonObject, path: string): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === "replace") return withoutDirectives(patch);
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw badRequest(
      `${at(path, DIRECTIVE)} must be replace, delete or merge: it was ${JSON.stringify(directive)}`,
    );
  }
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    const mergedValue = mergeValue(merged.get(key), value, at(path, key));
    if (mergedValue === undefined) merged.delete(key);
    else merged.set(key, mergedValue);
  }
  applyListDirectives(merged, patch, path);
  retainKeys(merged, patch, path);
  return Object.fromEntries(merged);
}

function mergeValue(target: Json | undefined, patch: Json, path: string): Json | undefined {
  if (patch === null) return undefined;
  if (isJsonObject(patch)) {
    if (patch[DIRECTIVE] === "delete") return undefined;
    return mergeObjects(isJsonObject(target) ? target : {}, patch, path);
  }
  const key = MERGE_KEYS[path];
  if (!Array.isArray(patch) || key === undefined) return patch;
  const old = Array.isArray(target) ? target : [];
  return key === "" ? union(old, patch) : mergeLists(old, patch, key, path);
}

function union(target: readonly Json[], patch: readonly Json[]): Json[] {
  return [...target, ...patch.filter((item) => !target.some((old) => deepEqual(old, item)))];
}

function mergeLists(target: readonly Json[], patch: readonly Json[], key: string, path: string): Json[] {
  const merged = patch.some((item) => isJsonObject(item) && item[DIRECTIVE] === "replace") ? [] : [...target];
  for (const item of patch) {
    if (!isJsonObject(item)) {
      throw badRequest(`${path} must be a list of objects: it had ${JSON.stringify(item)}`);
    }
    const directive = item[DIRECTIVE];
    if (directive === "replace" && item[key] === undefined) continue;
    if (item[key] === undefined) {
      throw badRequest(`${path} must have ${key} in each item: it was ${JSON.stringify(item)}`);
    }
    const index = merged.findIndex((old) => isJsonObject(old) && old[key] === item[key]);
    const old = merged[index];
    if (directive === "delete") {
      if (index >= 0) merged.splice(index, 1);
    } else if (isJsonObject(old)) merged[index] = mergeObjects(old, item, `${path}[]`);
    else merged.push(withoutDirectives(item));
  }
  return merged;
}

function applyListDirectives(merged: Map<string, Json>, patch: JsonObject, path: string): void {
  for (const [directive, values] of Object.entries(patch)) {
    if (!directive.startsWith(DELETE_VALUES) && !directive.startsWith(ORDER)) continue;
    if (!Array.isArray(values)) {
      throw badRequest(`${at(path, directive)} must be a list: it was ${JSON.stringify(values)}`);
    }
    const field = directive.slice(directive.indexOf("/") + 1);
    const list = merged.get(field);
    if (!Array.isArray(list)) continue;
    const key = MERGE_KEYS[at(path, field)] ?? "";
    if (directive.startsWith(ORDER)) merged.set(field, ordered(list, values, key));
    else merged.set(field, list.filter((item) => !values.some((value) => deepEqual(value, item))));
  }
}

/** Items in the order asked for; those that it does not name keep their places behind. */
function ordered(list: readonly Json[], order: readonly Json[], key: string): Json[] {
  const identity = (item: Json) => key !== "" && isJsonObject(item) ? item[key] : item;
  const rank = (item: Json) => {
    const index = order.findIndex((wanted) => deepEqual(identity(wanted), identity(item)));
    return index < 0 ? order.length : index;
  };
  return list.toSorted((a, b) => rank(a) - rank(b));
}

function retainKeys(merged: Map<string, Json>, patch: JsonObject, path: string): void {
  const kept = patch[RETAIN_KEYS];
  if (kept === undefined) return;
  if (!Array.isArray(kept)) {
    throw badRequest(`${at(path, RETAIN_KEYS)} must be a list: it was ${JSON.stringify(kept)}`);
  }
  for (const key of merged.keys()) {
    if (!kept.includes(key)) merged.delete(key);
  }
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(patch).filter(([key, value]) => !key.startsWith("$") && value !== null)
      .map(([key, value]) => [key, isJsonObject(value) ? withoutDirectives(value) : value]),
  );
}

function at(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
