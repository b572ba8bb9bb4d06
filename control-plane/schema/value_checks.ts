import { deepEqual, type Json, type JsonObject } from "@servicelet/shared/krm";
import { type Check, report, reportInBody } from "./findings.ts";
import { formatCheck, integerBounds } from "./formats.ts";
import { compilePattern } from "./pattern.ts";
import type { SchemaNode } from "./schema_node.ts";

type TextCheck = (value: string) => string | undefined;
type NumberCheck = (value: number) => string | undefined;

/** Checks the length, pattern and format of texts; undefined where a text may be any. */
export function textCheck({ keywords, type, intOrString }: SchemaNode): Check | undefined {
  const { pattern, format } = keywords;
  const [longest, shortest] = [count(keywords, "maxLength"), count(keywords, "minLength")];
  const rules: TextCheck[] = [];
  if (shortest !== undefined) {
    rules.push((value) =>
      longer(value, shortest - 1) ? undefined : `should be at least ${shortest} chars long`
    );
  }
  if (typeof pattern === "string" && pattern !== "") {
    const test = compilePattern(pattern);
    rules.push((value) => test(value) ? undefined : `should match '${pattern}'`);
  }
  if (typeof format === "string" && (type === "string" || (type === undefined && !intOrString))) {
    const test = formatCheck(format);
    if (test) {
      rules.push((value) => test(value) ? undefined : `must be of type ${format}: ${JSON.stringify(value)}`);
    }
  }
  if (rules.length === 0 && longest === undefined) return undefined;
  return function checkText(value, findings) {
    if (typeof value !== "string") return;
    if (longest !== undefined && longer(value, longest)) {
      report(findings, value, `may not be more than ${longest} bytes`, "FieldValueTooLong");
      // Nothing expensive is tried on what is too long anyway.
      return;
    }
    for (const rule of rules) {
      const problem = rule(value);
      if (problem) reportInBody(findings, value, problem);
    }
  };
}

/** Checks the bounds of numbers; undefined where a number may be any. */
export function numberCheck({ keywords, type }: SchemaNode): Check | undefined {
  const { minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum, format } = keywords;
  const rules: NumberCheck[] = [];
  if (typeof multipleOf === "number") {
    rules.push((value) =>
      isMultiple(value, multipleOf) ? undefined : `should be a multiple of ${multipleOf}`
    );
  }
  if (typeof maximum === "number") {
    rules.push(
      exclusiveMaximum === true
        ? (value) => value < maximum ? undefined : `should be less than ${maximum}`
        : (value) => value <= maximum ? undefined : `should be less than or equal to ${maximum}`,
    );
  }
  if (typeof minimum === "number") {
    rules.push(
      exclusiveMinimum === true
        ? (value) => value > minimum ? undefined : `should be greater than ${minimum}`
        : (value) => value >= minimum ? undefined : `should be greater than or equal to ${minimum}`,
    );
  }
  const bounds = type === "integer" ? integerBounds(format) : undefined;
  if (bounds) {
    const name = typeof format === "string" ? `integer with format ${format}` : "integer (default format)";
    rules.push((value) => value >= bounds.from && value <= bounds.to ? undefined : `must be of type ${name}`);
  }
  if (rules.length === 0) return undefined;
  return function checkNumber(value, findings) {
    if (typeof value !== "number") return;
    for (const rule of rules) {
      const problem = rule(value);
      if (problem) reportInBody(findings, value, problem);
    }
  };
}

/** Checks that a value is one of those that a schema names. */
export function enumCheck({ keywords: { enum: allowed }, nullable }: SchemaNode): Check | undefined {
  if (!Array.isArray(allowed) || allowed.length === 0) return undefined;
  const scalars = new Set<Json>(allowed.filter((item) => typeof item !== "object" || item === null));
  const others = allowed.filter((item) => typeof item === "object" && item !== null);
  const supported = allowed.map((item) =>
    JSON.stringify(typeof item === "string" ? item : JSON.stringify(item))
  );
  const requirement = `supported values: ${supported.join(", ")}`;
  return function checkEnum(value, findings) {
    if (scalars.has(value) || others.some((item) => deepEqual(item, value))) return;
    if (value === null && nullable) return;
    report(findings, value, requirement, "FieldValueNotSupported");
  };
}

/** A keyword that counts something. */
export function count(keywords: JsonObject, keyword: string): number | undefined {
  const value = keywords[keyword];
  return typeof value === "number" ? value : undefined;
}

/** Whether a text has more than `limit` code points; counts them only where it may make a difference. */
function longer(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let points = 0;
  for (const _point of text) points++;
  return points > limit;
}

function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return true;
  const quotient = factor < 1 ? (1 / factor) * value : value / factor;
  const whole = Math.round(quotient);
  return quotient === whole || Math.abs(quotient - whole) < 1e-9 * Math.max(1, Math.abs(quotient));
}
