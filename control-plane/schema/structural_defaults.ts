import { type FieldPath, InvalidField } from "@servicelet/shared/krm";
import { noFindings } from "./findings.ts";
import { compilePruning } from "./pruning.ts";
import { META_FIELDS, type SchemaNode } from "./schema_node.ts";
import { compileValidation } from "./validation.ts";

/** Checks that every default is a value that its own schema takes as it is. */
export function checkDefaults(root: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  for (const [name, child] of root.properties) {
    const at = `${path}.properties[${name}]`;
    if (META_FIELDS.has(name)) forbidBelow(child, at, `must not be set in top-level ${name}`, problems);
    else checkBelow(child, at, problems);
  }
}

function checkBelow(node: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  if (node.default !== undefined) checkDefault(node, `${path}.default`, problems);
  for (const [at, child] of children(node, path)) checkBelow(child, at, problems);
}

function forbidBelow(node: SchemaNode, path: FieldPath, why: string, problems: InvalidField[]): void {
  if (node.default !== undefined) {
    problems.push(new InvalidField(`${path}.default`, undefined, why, "FieldValueForbidden"));
  }
  for (const [at, child] of children(node, path)) forbidBelow(child, at, why, problems);
}

function* children(node: SchemaNode, path: FieldPath): Iterable<[FieldPath, SchemaNode]> {
  for (const [name, child] of node.properties) yield [`${path}.properties[${name}]`, child];
  if (node.items) yield [`${path}.items`, node.items];
  if (typeof node.additionalProperties === "object") {
    yield [`${path}.additionalProperties`, node.additionalProperties];
  }
}

function checkDefault(node: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  // Checked as the value of a field, so that a default that is an object is pruned like any other and not like a document.
  const around: SchemaNode = { ...EMPTY, properties: new Map([["value", node]]) };
  const holder = { value: structuredClone(node.default ?? null) };
  const unknown = compilePruning(around)(holder);
  if (unknown.length > 0) {
    problems.push(new InvalidField(path, node.default, "must not have unknown fields"));
    return;
  }
  const findings = noFindings();
  compileValidation(around)?.(holder, findings);
  for (const problem of findings.problems) {
    problems.push(
      new InvalidField(`${path}${inside(problem.path)}`, problem.value, problem.requirement, problem.type),
    );
  }
}

function inside(path: string): string {
  return path.startsWith("value") ? path.slice("value".length) : "";
}

const EMPTY: SchemaNode = {
  type: "object",
  nullable: false,
  properties: new Map(),
  additionalProperties: undefined,
  items: undefined,
  default: undefined,
  preserveUnknownFields: false,
  embeddedResource: false,
  intOrString: false,
  listType: undefined,
  listMapKeys: [],
  allOf: [],
  anyOf: [],
  oneOf: [],
  not: undefined,
  keywords: {},
};
