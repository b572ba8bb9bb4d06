import { isJsonObject } from "./json_property.ts";
import { StatusError } from "./status_error.ts";
import type { Json, JsonObject } from "./types.ts";

/** Names from the root to a value, without escapes (RFC 6901). */
export type Pointer = readonly string[];

/** One operation, checked. `text` is the path as the client wrote it. */
export type PatchOperation =
  & { readonly path: Pointer; readonly text: string }
  & (
    | { readonly op: "add" | "replace" | "test"; readonly value: Json }
    | { readonly op: "remove" }
    | { readonly op: "move" | "copy"; readonly from: Pointer }
  );

const MAX_OPERATIONS = 10_000;

/** Checks the shape of a patch.
 *
 * @throws {StatusError} `BadRequest`, saying which operation, or `RequestEntityTooLarge`
 */
export function parsePatch(operations: unknown): PatchOperation[] {
  if (!Array.isArray(operations)) {
    throw new StatusError("BadRequest", "Cannot read the JSON patch: it must be a list of operations");
  }
  if (operations.length > MAX_OPERATIONS) {
    throw new StatusError(
      "RequestEntityTooLarge",
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  }
  return operations.map(parseOperation);
}

function parseOperation(operation: unknown, index: number): PatchOperation {
  const refuse = (why: string): never => {
    throw new StatusError("BadRequest", `Cannot read operation ${index} of the JSON patch: ${why}`);
  };
  if (!isJsonObject(operation)) return refuse("it must be an object");
  const { op } = operation;
  const text = textOf(operation, "path", refuse);
  const path = pointerOf(text, "path", refuse);
  switch (op) {
    case "add":
    case "replace":
    case "test": {
      const { value } = operation;
      return value === undefined ? refuse(`value must be given for ${op}`) : { op, path, text, value };
    }
    case "remove":
      return { op, path, text };
    case "move":
    case "copy":
      return { op, path, text, from: pointerOf(textOf(operation, "from", refuse), "from", refuse) };
    default:
      return refuse(
        `op must be add, remove, replace, move, copy or test: it was ${JSON.stringify(op) ?? "absent"}`,
      );
  }
}

function textOf(operation: JsonObject, field: "path" | "from", refuse: (why: string) => never): string {
  const text = operation[field];
  return typeof text === "string"
    ? text
    : refuse(`${field} must be text: it was ${JSON.stringify(text) ?? "absent"}`);
}

function pointerOf(text: string, field: string, refuse: (why: string) => never): Pointer {
  if (text === "") return [];
  if (!text.startsWith("/") || /~(?![01])/.test(text)) {
    refuse(`${field} must be a JSON pointer such as /spec/ports/0: it was ${JSON.stringify(text)}`);
  }
  return text.slice(1).split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}
