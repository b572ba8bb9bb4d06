import { type FieldErrorType, type FieldPath, InvalidField } from "@servicelet/shared/krm";
import { type SchemaNode, texts } from "./schema_node.ts";

/** Checks `x-kubernetes-list-type`, `x-kubernetes-list-map-keys` and `x-kubernetes-map-type` of one node. */
export function checkListAndMapTypes(node: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  const { listType, listMapKeys } = node;
  const mapType = node.keywords["x-kubernetes-map-type"];
  const tell = (at: string, value: unknown, why: string, type: FieldErrorType = "FieldValueInvalid") =>
    problems.push(new InvalidField(`${path}.${at}`, value, why, type));

  if (mapType !== undefined) {
    expectType(node, "object", "x-kubernetes-map-type", path, problems);
    expectOneOf(mapType, ["atomic", "granular"], `${path}.x-kubernetes-map-type`, problems);
  }
  if (listType !== undefined) {
    expectType(node, "array", "x-kubernetes-list-type", path, problems);
    expectOneOf(listType, ["atomic", "set", "map"], `${path}.x-kubernetes-list-type`, problems);
  }
  if (listMapKeys.length > 0 && listType !== "map") {
    const why = "must be map if x-kubernetes-list-map-keys is non-empty";
    tell(
      "x-kubernetes-list-type",
      listType,
      why,
      listType === undefined ? "FieldValueRequired" : "FieldValueInvalid",
    );
  }
  if (listType === "set") checkSet(node, path, problems);
  if (listType === "map") checkMap(node, path, problems);
  if ((listType === "set" || listType === "map") && node.items?.nullable) {
    tell(
      "items.nullable",
      undefined,
      `cannot be nullable when x-kubernetes-list-type is ${listType}`,
      "FieldValueForbidden",
    );
  }
}

function checkSet({ items }: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  const why = "must be atomic as item of a list with x-kubernetes-list-type=set";
  if (items?.type === "array" && items.listType !== undefined && items.listType !== "atomic") {
    problems.push(new InvalidField(`${path}.items.x-kubernetes-list-type`, items.listType, why));
  }
  const mapType = items?.keywords["x-kubernetes-map-type"];
  if (items?.type === "object" && mapType !== "atomic") {
    problems.push(new InvalidField(`${path}.items.x-kubernetes-map-type`, mapType, why));
  }
}

function checkMap({ items, listMapKeys }: SchemaNode, path: FieldPath, problems: InvalidField[]): void {
  const tell = (at: string, value: unknown, why: string, type: FieldErrorType = "FieldValueInvalid") =>
    problems.push(new InvalidField(`${path}.${at}`, value, why, type));
  if (listMapKeys.length === 0) {
    const why = "must not be empty if x-kubernetes-list-type is map";
    tell("x-kubernetes-list-map-keys", undefined, why, "FieldValueRequired");
  }
  if (!items) {
    tell("items", undefined, "must have a schema if x-kubernetes-list-type is map", "FieldValueRequired");
    return;
  }
  if (items.type !== "object") {
    tell("items.type", items.type ?? "", "must be object if parent array's x-kubernetes-list-type is map");
    return;
  }
  const required = texts(items.keywords["required"]);
  for (const key of new Set(listMapKeys)) {
    const property = items.properties.get(key);
    const at = `items.properties[${key}]`;
    if (!property) {
      tell("x-kubernetes-list-map-keys", listMapKeys, "entries must all be names of item properties");
      continue;
    }
    if (property.type === "array" || property.type === "object") {
      tell(
        `${at}.type`,
        property.type,
        "must be a scalar type if parent array's x-kubernetes-list-type is map",
      );
    }
    if (!required.includes(key) && property.default === undefined) {
      const why =
        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
      tell(`${at}.default`, undefined, why, "FieldValueRequired");
    }
    if (property.nullable) {
      const why = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
      tell(`${at}.nullable`, undefined, why, "FieldValueForbidden");
    }
  }
  if (new Set(listMapKeys).size < listMapKeys.length) {
    tell("x-kubernetes-list-map-keys", listMapKeys, "must not contain duplicate entries");
  }
}

function expectType(
  node: SchemaNode,
  type: string,
  keyword: string,
  path: FieldPath,
  problems: InvalidField[],
): void {
  if (node.type === type) return;
  const why = `must be ${type} if ${keyword} is specified`;
  problems.push(
    node.type === undefined
      ? new InvalidField(`${path}.type`, undefined, why, "FieldValueRequired")
      : new InvalidField(`${path}.type`, node.type, why),
  );
}

function expectOneOf(
  value: unknown,
  supported: readonly string[],
  path: FieldPath,
  problems: InvalidField[],
): void {
  if (typeof value === "string" && supported.includes(value)) return;
  const requirement = `supported values: ${supported.map((name) => JSON.stringify(name)).join(", ")}`;
  problems.push(new InvalidField(path, value, requirement, "FieldValueNotSupported"));
}
