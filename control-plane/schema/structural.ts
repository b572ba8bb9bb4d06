import {
  type FieldPath,
  InvalidField,
  isJsonObject,
  type Json,
  type JsonObject,
} from "@servicelet/shared/krm";
import { checkDefaults } from "./structural_defaults.ts";
import { checkListAndMapTypes } from "./structural_lists.ts";
import { checkNested } from "./structural_junctors.ts";
import { checkKeywords } from "./structural_keywords.ts";
import { checkLimits } from "./schema_limits.ts";
import { readSchema, type SchemaNode } from "./schema_node.ts";

/** Where a node stands in a schema. */
type Level = "root" | "item" | "field";

const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  root: "at the root",
  item: "for specified array items",
  field: "for specified object fields",
};

/** Violations of the rules of structural schemas; none where the schema may be compiled. Problems are sorted by path.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/schema/validation.go
 */
export function checkStructural(schema: Json | undefined, path: FieldPath): InvalidField[] {
  const limits = checkLimits(schema, path);
  if (limits.length > 0) return limits;
  if (!isJsonObject(schema)) return [new InvalidField(path, schema, "must be an object")];

  const problems: InvalidField[] = [];
  checkKeywords(schema, path, { problems, root: true });
  // What is of a wrong type could not be read rightly.
  if (problems.length === 0) {
    const root = readSchema(schema);
    checkNode(root, "root", path, problems);
    checkNested(root, path, problems);
    if (problems.length === 0) checkDefaults(root, path, problems);
  }
  return problems.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

function checkNode(node: SchemaNode, level: Level, path: FieldPath, problems: InvalidField[]): void {
  checkType(node, level, path, problems);
  checkExtensions(node, path, problems);
  checkListAndMapTypes(node, path, problems);
  if (level === "root" || node.embeddedResource) checkMetaFields(node, level, path, problems);

  if (node.type === "array" && !node.items) problems.push(required(`${path}.items`, "must be specified"));
  if (node.items) checkNode(node.items, "item", `${path}.items`, problems);
  for (const [name, child] of node.properties) {
    checkNode(child, "field", `${path}.properties[${name}]`, problems);
  }
  const { additionalProperties } = node;
  if (additionalProperties === undefined) return;
  const at = `${path}.additionalProperties`;
  if (level === "root") problems.push(forbidden(at, "must not be used at the root"));
  if (node.properties.size > 0 && additionalProperties !== true) {
    problems.push(forbidden(at, "additionalProperties and properties are mutual exclusive"));
  }
  if (node.embeddedResource) {
    problems.push(forbidden(at, "must not be used if x-kubernetes-embedded-resource is set"));
  }
  if (typeof additionalProperties === "object") checkNode(additionalProperties, "field", at, problems);
}

function checkType(node: SchemaNode, level: Level, path: FieldPath, problems: InvalidField[]): void {
  const { type } = node;
  const at = `${path}.type`;
  if (node.embeddedResource && type !== "object") {
    const rule = "must be object if x-kubernetes-embedded-resource is true";
    problems.push(type === undefined ? required(at, rule) : new InvalidField(at, type, rule));
  } else if (type === undefined && !node.intOrString && !node.preserveUnknownFields) {
    problems.push(required(at, `must not be empty ${LEVEL_NAMES[level]}`));
  }
  if (level === "root" && type !== undefined && type !== "object") {
    problems.push(new InvalidField(at, type, "must be object at the root"));
  }
  if (level === "root" && node.nullable) {
    problems.push(forbidden(`${path}.nullable`, "nullable cannot be true at the root"));
  }
}

function checkExtensions(node: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  const rule = "must be false if x-kubernetes-int-or-string is true";
  if (node.intOrString && node.preserveUnknownFields) {
    problems.push(new InvalidField(`${path}.x-kubernetes-preserve-unknown-fields`, true, rule));
  }
  if (node.intOrString && node.embeddedResource) {
    problems.push(new InvalidField(`${path}.x-kubernetes-embedded-resource`, true, rule));
  }
  if (node.embeddedResource && !node.preserveUnknownFields && node.properties.size === 0) {
    const why =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    problems.push(required(`${path}.properties`, why));
  }
}

/** What a schema may say of the fields that the model defines: their types, and rules for the name. */
function checkMetaFields(node: SchemaNode, level: Level, path: FieldPath, problems: InvalidField[]): void {
  for (const name of ["apiVersion", "kind"]) {
    const type = node.properties.get(name)?.type;
    if (node.properties.has(name) && type !== "string") {
      problems.push(new InvalidField(`${path}.properties[${name}].type`, type ?? "", "must be string"));
    }
  }
  const metadata = node.properties.get("metadata");
  if (!metadata) return;
  const at = `${path}.properties[metadata]`;
  if (metadata.type !== "object") {
    problems.push(new InvalidField(`${at}.type`, metadata.type ?? "", "must be object"));
  }
  if (level !== "root") return;
  const { type: _type, properties = {}, ...others } = metadata.keywords;
  const names = Object.keys(properties as JsonObject).filter((name) =>
    name !== "name" && name !== "generateName"
  );
  if (names.length > 0 || Object.keys(others).length > 0) {
    const why =
      "must not specify anything other than name and generateName, but metadata is implicitly specified";
    problems.push(forbidden(at, why));
  }
}

function required(path: FieldPath, why: string): InvalidField {
  return new InvalidField(path, undefined, why, "FieldValueRequired");
}

function forbidden(path: FieldPath, why: string): InvalidField {
  return new InvalidField(path, undefined, why, "FieldValueForbidden");
}
