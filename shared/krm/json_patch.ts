import { deepEqual } from "./deep_equal.ts";
import { parsePatch, type PatchOperation, type Pointer } from "./parse_json_patch.ts";
import { isJsonObject, setProperty } from "./json_property.ts";
import { StatusError } from "./status_error.ts";
import type { Json } from "./types.ts";

/** Characters of JSON that `copy` may add in one patch, as in Kubernetes: copies of copies double each time. */
const MAX_COPIED = 3 * 1024 * 1024;

/** What a JSON patch makes of a document. Changes neither; the result may share parts with both.
 *
 * @param operations as they came from the client, of any shape
 * @throws {StatusError} `BadRequest` for what is no patch, saying which operation; `RequestEntityTooLarge` above 10,000 operations or
 * 3 MiB of copies; `Invalid` where a `test` fails or a path does not exist
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function applyJsonPatch(target: Json, operations: unknown): Json {
  let copied = 0;
  let document = target;
  for (const [index, operation] of parsePatch(operations).entries()) {
    const refuse: Refuse = (why) => {
      throw new StatusError(
        "Invalid",
        `Cannot apply operation ${index} of the JSON patch (${operation.op} ${operation.text}): ${why}`,
      );
    };
    if (operation.op === "copy") {
      copied += JSON.stringify(read(document, operation.from, refuse)).length;
      if (copied > MAX_COPIED) {
        throw new StatusError(
          "RequestEntityTooLarge",
          `Cannot apply operation ${index} of the JSON patch: copies must not exceed ${MAX_COPIED} bytes in all`,
        );
      }
    }
    document = apply(document, operation, refuse);
  }
  return document;
}

type Refuse = (why: string) => never;

function apply(document: Json, operation: PatchOperation, refuse: Refuse): Json {
  const { path } = operation;
  switch (operation.op) {
    case "add":
      return add(document, path, operation.value, refuse);
    case "remove":
      return remove(document, path, refuse);
    case "replace":
      read(document, path, refuse);
      return path.length === 0 ? operation.value : edit(document, path, refuse, (container, name) => {
        put(container, name, operation.value);
      });
    case "move": {
      const value = read(document, operation.from, refuse);
      if (startsWith(path, operation.from)) {
        return path.length === operation.from.length
          ? document
          : refuse("a value cannot be moved into itself");
      }
      return add(remove(document, operation.from, refuse), path, value, refuse);
    }
    case "copy":
      return add(document, path, read(document, operation.from, refuse), refuse);
    case "test": {
      const value = read(document, path, refuse);
      return deepEqual(value, operation.value)
        ? document
        : refuse(`the test failed: the value is ${shortened(value)}`);
    }
  }
}

function add(document: Json, path: Pointer, value: Json, refuse: Refuse): Json {
  if (path.length === 0) return value;
  return edit(document, path, refuse, (container, name) => {
    if (!Array.isArray(container)) return put(container, name, value);
    const index = name === "-" ? container.length : Number(name);
    if (name !== "-" && !isIndex(name) || index > container.length) {
      refuse(`${JSON.stringify(name)} is no place in a list of ${container.length}`);
    }
    container.splice(index, 0, value);
  });
}

function remove(document: Json, path: Pointer, refuse: Refuse): Json {
  if (path.length === 0) refuse("the whole document cannot be removed");
  read(document, path, refuse);
  return edit(document, path, refuse, (container, name) => {
    if (Array.isArray(container)) container.splice(Number(name), 1);
    else delete container[name];
  });
}

type Container = Json[] | { [key: string]: Json };

/** A document in which the container that holds `path` is changed. Only the containers on the way are copied: nothing is changed in
 * place, so that a patch can be applied again after a conflict. */
function edit(
  document: Json,
  path: Pointer,
  refuse: Refuse,
  change: (container: Container, name: string) => void,
): Json {
  const root: Json[] = [document];
  let parent: Container = root;
  let name = "0";
  for (const next of path) {
    const original = child(parent, name, refuse);
    if (typeof original !== "object" || original === null) {
      return refuse(`${JSON.stringify(name)} has no fields`);
    }
    const copy: Container = Array.isArray(original) ? [...original] : { ...original };
    put(parent, name, copy);
    parent = copy;
    name = next;
  }
  change(parent, name);
  return root[0] ?? null;
}

function read(document: Json, path: Pointer, refuse: Refuse): Json {
  let value = document;
  for (const name of path) value = child(value, name, refuse);
  return value;
}

function child(container: Json, name: string, refuse: Refuse): Json {
  if (Array.isArray(container)) {
    const item = isIndex(name) ? container[Number(name)] : undefined;
    return item === undefined
      ? refuse(`${JSON.stringify(name)} is no item of a list of ${container.length}`)
      : item;
  }
  const value = isJsonObject(container) && Object.hasOwn(container, name) ? container[name] : undefined;
  return value === undefined ? refuse(`there is no ${JSON.stringify(name)}`) : value;
}

function put(container: Container, name: string, value: Json): void {
  if (Array.isArray(container)) container[Number(name)] = value;
  else setProperty(container, name, value);
}

function isIndex(name: string): boolean {
  return /^(0|[1-9]\d*)$/.test(name);
}

function startsWith(path: Pointer, prefix: Pointer): boolean {
  return prefix.every((name, i) => path[i] === name);
}

function shortened(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
