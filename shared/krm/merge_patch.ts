import { isJsonObject, setProperty } from "./json_property.ts";
import type { Json, JsonObject } from "./types.ts";

/** What a JSON merge patch makes of a document. Changes neither; the result may share parts with both.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7386
 */
export function applyMergePatch<T extends Json>(target: T, patch: JsonObject): JsonObject;
/** The same for any JSON: a patch that is no object replaces the whole. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json;
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[name];
    } else {
      const old = Object.hasOwn(result, name) ? result[name] : undefined;
      setProperty(result, name, applyMergePatch(old, value));
    }
  }
  return result;
}
