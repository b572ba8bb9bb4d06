import { deepEqual, type FieldPath, InvalidField } from "@servicelet/shared/krm";
import type { SchemaNode } from "./schema_node.ts";

/** Keywords that shape documents: they must stand in the schema itself, never under a junctor. */
const SHAPING: Readonly<Record<string, string>> = {
  type: "empty",
  title: "empty",
  description: "empty",
  default: "undefined",
  nullable: "false",
  additionalProperties: "undefined",
  "x-kubernetes-preserve-unknown-fields": "false",
  "x-kubernetes-embedded-resource": "false",
  "x-kubernetes-int-or-string": "false",
  "x-kubernetes-list-map-keys": "empty",
  "x-kubernetes-list-type": "undefined",
  "x-kubernetes-map-type": "undefined",
  "x-kubernetes-validations": "empty",
};

const INT_OR_STRING = [{ type: "integer" }, { type: "string" }];

/** Checks that what stands under allOf, anyOf, oneOf and not only limits values, and only those that the schema itself has. */
export function checkNested(node: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  checkJunctors(node, { node, path, isStructure: true }, path, problems);
  if (node.items) checkNested(node.items, `${path}.items`, problems);
  for (const [name, child] of node.properties) checkNested(child, `${path}.properties[${name}]`, problems);
  if (typeof node.additionalProperties === "object") {
    checkNested(node.additionalProperties, `${path}.additionalProperties`, problems);
  }
}

/** The node of the schema itself that a nested one is about. */
interface Structure {
  readonly node: SchemaNode;
  readonly path: FieldPath;
  readonly isStructure: boolean;
}

function checkJunctors(node: SchemaNode, about: Structure, path: FieldPath, problems: InvalidField[]): void {
  const { allOf, anyOf, oneOf, not } = node;
  // The one thing that may be said of types: that both of x-kubernetes-int-or-string will do.
  if (!isIntOrString(node)) {
    anyOf.forEach((child, i) => checkChild(child, about, `${path}.anyOf[${i}]`, problems));
  }
  allOf.forEach((child, i) => {
    if (i === 0 && about.isStructure && isIntOrString(child)) return;
    checkChild(child, about, `${path}.allOf[${i}]`, problems);
  });
  oneOf.forEach((child, i) => checkChild(child, about, `${path}.oneOf[${i}]`, problems));
  if (not) checkChild(not, about, `${path}.not`, problems);
}

function isIntOrString({ keywords }: SchemaNode): boolean {
  return deepEqual(keywords["anyOf"], INT_OR_STRING);
}

function checkChild(child: SchemaNode, about: Structure, path: FieldPath, problems: InvalidField[]): void {
  for (const [keyword, instead] of Object.entries(SHAPING)) {
    const value = child.keywords[keyword];
    if (
      value === undefined || value === false || value === "" || (Array.isArray(value) && value.length === 0)
    ) continue;
    const why = `must be ${instead} to be structural`;
    problems.push(new InvalidField(`${path}.${keyword}`, undefined, why, "FieldValueForbidden"));
  }
  if (child.properties.has("metadata")) {
    const why = "must not be specified in a nested context";
    problems.push(new InvalidField(`${path}.properties[metadata]`, undefined, why, "FieldValueForbidden"));
  }
  const inside: Structure = { ...about, isStructure: false };
  checkJunctors(child, inside, path, problems);
  if (child.items) below(child.items, about.node.items, `${about.path}.items`, `${path}.items`, problems);
  for (const [name, property] of child.properties) {
    const step = `.properties[${name}]`;
    below(property, about.node.properties.get(name), `${about.path}${step}`, `${path}${step}`, problems);
  }
}

function below(
  nested: SchemaNode,
  node: SchemaNode | undefined,
  structurePath: FieldPath,
  path: FieldPath,
  problems: InvalidField[],
): void {
  if (node) checkChild(nested, { node, path: structurePath, isStructure: false }, path, problems);
  else {problems.push(
      new InvalidField(structurePath, undefined, `because it is defined in ${path}`, "FieldValueRequired"),
    );}
}
