import type { Json, JsonObject } from "./types.ts";

/** True for a JSON object, that is neither an array nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a property of any name. Plain assignment to `__proto__` would change the object's nature instead. */
export function setProperty(object: JsonObject, name: string, value: Json): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[name] = value;
  }
}
