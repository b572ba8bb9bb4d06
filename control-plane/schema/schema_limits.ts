import { type FieldPath, InvalidField, isJsonObject, type Json } from "@servicelet/shared/krm";

/** Deepest nesting of a schema. Every document of the kind pays for depth, and closures call one another as deep. */
const MAX_SCHEMA_DEPTH = 64;

/** Most nodes of one schema, junctors and properties counted alike. The largest schemas in the wild have some 20,000. */
const MAX_SCHEMA_NODES = 50_000;

/** Longest regular expression. */
export const MAX_PATTERN_LENGTH = 4096;

/** Refuses schemas that would cost everybody too much. To be asked before anything else walks the schema. */
export function checkLimits(schema: Json | undefined, path: FieldPath): InvalidField[] {
  let nodes = 0;
  let deepest = 0;
  const visit = (value: Json, depth: number): void => {
    if (typeof value !== "object" || value === null) return;
    nodes++;
    deepest = Math.max(deepest, depth);
    // JSON nests at least twice for each level of a schema: `properties` and the field.
    if (nodes > MAX_SCHEMA_NODES * 4 || depth > MAX_SCHEMA_DEPTH * 2) return;
    const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
    for (const child of children) visit(child, depth + 1);
  };
  visit(schema ?? null, 0);
  if (deepest > MAX_SCHEMA_DEPTH * 2) {
    return [
      tooMuch(
        path,
        `may nest at most ${MAX_SCHEMA_DEPTH} levels deep: split the kind or preserve unknown fields`,
      ),
    ];
  }
  if (nodes > MAX_SCHEMA_NODES * 4) {
    return [
      tooMuch(path, `may have at most ${MAX_SCHEMA_NODES} nodes: split the kind or preserve unknown fields`),
    ];
  }
  return [];
}

function tooMuch(path: FieldPath, requirement: string): InvalidField {
  return new InvalidField(path, undefined, requirement, "FieldValueForbidden");
}
