import {
  type FieldPath,
  InvalidField,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonPathOf,
  type KubeObject,
} from "@servicelet/shared/krm";
import { ageColumn, nameColumn } from "../registry/builtin/define.ts";
import type { Column } from "../registry/resource.ts";

const TYPES: readonly Column["type"][] = ["boolean", "date", "integer", "number", "string"];
const FORMATS: readonly string[] = [
  "byte",
  "date",
  "date-time",
  "double",
  "float",
  "int32",
  "int64",
  "password",
];

/** Columns of a defined kind: the name and what the definition adds; the age where it adds nothing. */
export function columnsOf(definitions: readonly JsonObject[]): Column[] {
  return [nameColumn, ...(definitions.length === 0 ? [ageColumn] : definitions.map(columnOf))];
}

/** Violations of the rules for `additionalPrinterColumns`. */
export function checkPrinterColumns(columns: Json | undefined, path: FieldPath): InvalidField[] {
  if (!Array.isArray(columns)) return [];
  return columns.flatMap((column, i) => isJsonObject(column) ? columnProblems(column, `${path}[${i}]`) : []);
}

function columnProblems({ name, type, format, jsonPath }: JsonObject, path: FieldPath): InvalidField[] {
  const problems: InvalidField[] = [];
  const required = (field: string, why: string) =>
    problems.push(new InvalidField(`${path}.${field}`, undefined, why, "FieldValueRequired"));
  if (!name) required("name", "");
  if (!type) required("type", `must be one of ${TYPES.join(",")}`);
  else if (!TYPES.some((known) => known === type)) {
    problems.push(new InvalidField(`${path}.type`, type, `must be one of ${TYPES.join(",")}`));
  }
  if (typeof format === "string" && format !== "" && !FORMATS.includes(format)) {
    problems.push(new InvalidField(`${path}.format`, format, `must be one of ${FORMATS.join(",")}`));
  }
  if (typeof jsonPath !== "string" || jsonPath === "") required("JSONPath", "");
  else {
    try {
      jsonPathOf(jsonPath, `${path}.JSONPath`);
    } catch (error) {
      if (!(error instanceof InvalidField)) throw error;
      problems.push(error);
    }
  }
  return problems;
}

function columnOf({ name, type, format, description, priority, jsonPath }: JsonObject): Column {
  const read = jsonPathOf(String(jsonPath));
  const columnType = TYPES.find((known) => known === type) ?? "string";
  return {
    name: String(name),
    type: columnType,
    ...(typeof format === "string" ? { format } : {}),
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof priority === "number" ? { priority } : {}),
    cell: (document: KubeObject) => cellOf(read(document), columnType),
  };
}

/** A cell has the type of its column; what does not fit is left out.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/registry/customresource/tableconvertor/tableconvertor.go
 */
function cellOf(value: unknown, type: Column["type"]): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  switch (type) {
    case "string":
      return typeof value === "object" ? JSON.stringify(value) : String(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? value : null;
  }
}
