import {
  type FieldPath,
  InvalidField,
  isJsonObject,
  type Json,
  type JsonObject,
} from "@servicelet/shared/krm";
import { compilePattern } from "./pattern.ts";
import { MAX_PATTERN_LENGTH } from "./schema_limits.ts";

/** Where the keywords of a schema are looked at. */
export interface KeywordScope {
  readonly problems: InvalidField[];
  /** True at the root of a kind's schema. */
  readonly root: boolean;
}

const TYPES: readonly string[] = ["array", "boolean", "integer", "number", "object", "string"];

const FORBIDDEN: readonly string[] = [
  "id",
  "additionalItems",
  "patternProperties",
  "definitions",
  "dependencies",
  "$ref",
];

/** JSON type that each keyword's value must have. */
const KEYWORD_TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  type: isText,
  format: isText,
  title: isText,
  description: isText,
  pattern: isText,
  nullable: isBoolean,
  uniqueItems: isBoolean,
  exclusiveMinimum: isBoolean,
  exclusiveMaximum: isBoolean,
  minimum: isNumber,
  maximum: isNumber,
  multipleOf: isNumber,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  enum: Array.isArray,
  required: isTexts,
  allOf: isSchemas,
  anyOf: isSchemas,
  oneOf: isSchemas,
  not: isJsonObject,
  items: (value) => isJsonObject(value) || Array.isArray(value),
  properties: isJsonObject,
  additionalProperties: (value) => isJsonObject(value) || isBoolean(value),
  "x-kubernetes-preserve-unknown-fields": isBoolean,
  "x-kubernetes-embedded-resource": isBoolean,
  "x-kubernetes-int-or-string": isBoolean,
  "x-kubernetes-list-type": isText,
  "x-kubernetes-map-type": isText,
  "x-kubernetes-list-map-keys": isTexts,
  "x-kubernetes-validations": Array.isArray,
};

/** Checks the keywords of a node and of all below it, each by itself. */
export function checkKeywords(schema: JsonObject, path: FieldPath, scope: KeywordScope): void {
  const { problems } = scope;
  for (const [keyword, value] of Object.entries(schema)) {
    if (FORBIDDEN.includes(keyword)) {
      problems.push(
        new InvalidField(
          `${path}.${keyword}`,
          undefined,
          `${keyword} is not supported`,
          "FieldValueForbidden",
        ),
      );
    } else if (Object.hasOwn(KEYWORD_TYPES, keyword) && !KEYWORD_TYPES[keyword]?.(value)) {
      problems.push(
        new InvalidField(`${path}.${keyword}`, value, "is of a wrong type", "FieldValueTypeInvalid"),
      );
    }
  }
  checkValues(schema, path, problems);
  for (const [at, child] of childSchemas(schema, path)) checkKeywords(child, at, { problems, root: false });
}

function checkValues(schema: JsonObject, path: FieldPath, problems: InvalidField[]): void {
  const { type, pattern, items } = schema;
  if (type === "null") {
    const why = "type cannot be set to null, use nullable as an alternative";
    problems.push(new InvalidField(`${path}.type`, undefined, why, "FieldValueForbidden"));
  } else if (typeof type === "string" && type !== "" && !TYPES.includes(type)) {
    const supported = `supported values: ${TYPES.map((name) => JSON.stringify(name)).join(", ")}`;
    problems.push(new InvalidField(`${path}.type`, type, supported, "FieldValueNotSupported"));
  }
  if (Array.isArray(items)) {
    const why = "items must be a schema object and not an array";
    problems.push(new InvalidField(`${path}.items`, undefined, why, "FieldValueForbidden"));
  }
  if (schema["uniqueItems"] === true) {
    const why = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    problems.push(new InvalidField(`${path}.uniqueItems`, undefined, why, "FieldValueForbidden"));
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    const at = `${path}.x-kubernetes-preserve-unknown-fields`;
    problems.push(new InvalidField(at, false, "must be true or undefined"));
  }
  if (typeof pattern === "string") checkPattern(pattern, `${path}.pattern`, problems);
}

function checkPattern(pattern: string, path: FieldPath, problems: InvalidField[]): void {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    problems.push(
      new InvalidField(
        path,
        undefined,
        `may not be more than ${MAX_PATTERN_LENGTH} bytes`,
        "FieldValueTooLong",
      ),
    );
    return;
  }
  try {
    compilePattern(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(new InvalidField(path, pattern, `must be a valid regular expression, but isn't: ${why}`));
  }
}

function* childSchemas(schema: JsonObject, path: FieldPath): Iterable<[FieldPath, JsonObject]> {
  for (const keyword of ["items", "additionalProperties", "not"]) {
    const child = schema[keyword];
    if (isJsonObject(child)) yield [`${path}.${keyword}`, child];
  }
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const children = schema[keyword];
    if (!Array.isArray(children)) continue;
    for (const [index, child] of children.entries()) {
      if (isJsonObject(child)) yield [`${path}.${keyword}[${index}]`, child];
    }
  }
  const { properties } = schema;
  if (!isJsonObject(properties)) return;
  for (const [name, child] of Object.entries(properties)) {
    yield [`${path}.properties[${name}]`, isJsonObject(child) ? child : { type: [] }];
  }
}

function isText(value: Json): boolean {
  return typeof value === "string";
}

function isBoolean(value: Json): boolean {
  return typeof value === "boolean";
}

function isNumber(value: Json): boolean {
  return typeof value === "number";
}

function isCount(value: Json): boolean {
  return Number.isInteger(value);
}

function isTexts(value: Json): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isSchemas(value: Json): boolean {
  return Array.isArray(value) && value.every(isJsonObject);
}
