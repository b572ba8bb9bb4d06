import { InvalidField, isJsonObject, type Json, type JsonObject } from "@servicelet/shared/krm";
import { type Check, descend, type Findings, pathText, report, reportInBody } from "./findings.ts";
import { type SchemaNode, texts } from "./schema_node.ts";
import { count } from "./value_checks.ts";

/** Checks of the fields of an object: those by name, and that of all others. */
export interface FieldChecks {
  readonly named: ReadonlyMap<string, Check>;
  readonly other: Check | undefined;
}

/** Checks the fields of objects; undefined where an object may be any. */
export function objectCheck(node: SchemaNode, { named, other }: FieldChecks): Check | undefined {
  const { keywords, properties } = node;
  const required = texts(keywords["required"]);
  const [most, least] = [count(keywords, "maxProperties"), count(keywords, "minProperties")];
  const closed = node.additionalProperties === false;
  const counted = most !== undefined || least !== undefined;
  if (named.size === 0 && !other && required.length === 0 && !counted && !closed && !node.embeddedResource) {
    return undefined;
  }
  return function checkObject(value, findings) {
    if (!isJsonObject(value)) return;
    const keys = Object.keys(value);
    if (least !== undefined && keys.length < least) {
      reportInBody(findings, keys.length, `should have at least ${least} properties`);
    }
    if (most !== undefined && keys.length > most) {
      report(findings, keys.length, `must have at most ${most} items`, "FieldValueTooMany");
      return;
    }
    for (const key of keys) {
      const check = named.get(key) ?? (properties.has(key) ? undefined : other);
      if (check) descend(key, value[key] as Json, check, findings);
      else if (closed && !properties.has(key)) forbidden(key, findings);
    }
    for (const name of required) {
      if (!Object.hasOwn(value, name)) missing(name, "", findings);
    }
    if (node.embeddedResource) checkEmbedded(value, findings);
  };
}

function forbidden(name: string, findings: Findings): void {
  const path = pathText([...findings.path, name]);
  findings.problems.push(
    new InvalidField(pathText(findings.path), "", `${path} in body is a forbidden property`),
  );
}

function missing(name: string, why: string, findings: Findings): void {
  findings.problems.push(
    new InvalidField(pathText([...findings.path, name]), undefined, why, "FieldValueRequired"),
  );
}

/** A document inside of a document says what it is. */
function checkEmbedded(value: JsonObject, findings: Findings): void {
  for (const field of ["apiVersion", "kind"]) {
    const given = value[field];
    if (given === undefined) missing(field, "must not be empty", findings);
    else if (given === "" || typeof given !== "string") {
      const requirement = given === "" ? "must not be empty" : "must be a string";
      descend(field, given, () => report(findings, given, requirement), findings);
    }
  }
  const { metadata } = value;
  if (metadata !== undefined && !isJsonObject(metadata)) {
    descend("metadata", metadata, () => report(findings, metadata, "must be an object"), findings);
  }
}
