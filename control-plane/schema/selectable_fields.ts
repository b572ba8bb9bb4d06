import {
  type FieldPath,
  InvalidField,
  isJsonObject,
  type Json,
  jsonPathOf,
  type KubeObject,
} from "@servicelet/shared/krm";
import { readSchema, type SchemaNode } from "./schema_node.ts";

/** Most fields of one version that `fieldSelector` may name, as in Kubernetes. */
const MOST = 8;

/** A field that `fieldSelector` may name: its name there, and how to read it. Absent values are the empty text. */
export function selectableField(jsonPath: string): [string, (document: KubeObject) => string] {
  const read = jsonPathOf(jsonPath);
  return [jsonPath.replace(/^\./, ""), (document) => {
    const value = read(document);
    return value === undefined || value === null ? "" : String(value);
  }];
}

/** Violations of the rules for `selectableFields`: simple paths to texts, booleans and integers outside of metadata. */
export function checkSelectableFields(
  fields: Json | undefined,
  schema: Json | undefined,
  path: FieldPath,
): InvalidField[] {
  if (!Array.isArray(fields)) return [];
  const root = readSchema(schema);
  const problems: InvalidField[] = [];
  const seen = new Set<string>();
  fields.forEach((field, i) => {
    const jsonPath = isJsonObject(field) ? field["jsonPath"] : undefined;
    const at = `${path}[${i}].jsonPath`;
    if (typeof jsonPath !== "string" || jsonPath === "") {
      problems.push(new InvalidField(at, undefined, "", "FieldValueRequired"));
      return;
    }
    const problem = problemOf(jsonPath, root);
    if (problem) problems.push(new InvalidField(at, jsonPath, problem));
    if (seen.has(jsonPath)) problems.push(new InvalidField(at, jsonPath, "", "FieldValueDuplicate"));
    seen.add(jsonPath);
  });
  if (seen.size > MOST) {
    problems.push(new InvalidField(path, seen.size, `must have at most ${MOST} items`, "FieldValueTooMany"));
  }
  return problems;
}

function problemOf(jsonPath: string, root: SchemaNode): string | undefined {
  if (!/^(\.[A-Za-z_$][\w$-]*)+$/.test(jsonPath)) {
    return "is an invalid path: must be names with a dot before each, such as .spec.color";
  }
  const names = jsonPath.slice(1).split(".");
  if (names[0] === "metadata") return "must not point to fields in metadata";
  let node: SchemaNode | undefined = root;
  for (const name of names) {
    node = node?.properties.get(name);
    if (!node) return `is an invalid path: does not refer to a valid field: ${name} is not in the schema`;
  }
  if (["string", "boolean", "integer"].includes(node.type ?? "")) return undefined;
  return "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
}
