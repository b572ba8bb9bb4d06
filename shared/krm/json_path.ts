import { InvalidField } from "./invalid_field.ts";
import { parseJsonPath, type Step } from "./parse_json_path.ts";

/** Reads the first value that a path finds in a document; undefined where it finds none. */
export type JsonPath = (document: unknown) => unknown;

/** Compiles a path of the kind that printer columns and selectable fields use: `.a.b`, `['a']`, `.a\.b`, `[0]`, `[-1]`, `[*]` and
 * `[?(@.type=="Ready")]`, with or without `$` or braces around it.
 *
 * @throws {InvalidField} at `path`, when the expression is none of these
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function jsonPathOf(expression: string, path = "jsonPath"): JsonPath {
  const steps = parseJsonPath(expression, (why) => {
    throw new InvalidField(path, expression, `must be a path such as .spec.ports[0].name (${why})`);
  });
  return function jsonPath(document) {
    return first(document, steps, 0);
  };
}

function first(value: unknown, steps: readonly Step[], from: number): unknown {
  let found = value;
  for (let i = from; i < steps.length; i++) {
    // The bound of the loop proves it.
    const step = steps[i]!;
    if (step.type === "field") {
      found = field(found, step.name);
    } else if (step.type === "item") {
      found = Array.isArray(found) ? found.at(step.index) : undefined;
    } else {
      for (const child of children(found)) {
        if (step.type === "filter" && !step.test(child)) continue;
        const result = first(child, steps, i + 1);
        if (result !== undefined) return result;
      }
      return undefined;
    }
    if (found === undefined) return undefined;
  }
  return found;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) {
    return undefined;
  }
  return (value as Record<string, unknown>)[name];
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}
