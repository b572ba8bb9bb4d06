import { StatusError } from "./status_error.ts";

/** One demand on a field. A document without the field has the empty text there. */
export interface FieldRequirement {
  /** Path of the field, such as `metadata.name`. */
  readonly path: string;
  /** Whether the field must have the value or must not. */
  readonly operator: "=" | "!=";
  /** The value, without escapes. */
  readonly value: string;
}

/** Demands that must all hold; an empty list selects everything. */
export type FieldSelector = readonly FieldRequirement[];

/** The selector that a `fieldSelector` parameter says: `a=b`, `a==b`, `a!=b`, joined by commas. In values `\,`, `\=` and `\\` stand for
 * the character after the backslash.
 *
 * @throws {StatusError} `BadRequest`, with Kubernetes' words for what is wrong
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 */
export function parseFieldSelector(text: string): FieldSelector {
  return terms(text).map((term) => {
    // The first operator counts: what follows belongs to the value.
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    const [, path = "", operator, value = ""] = match ?? [];
    if (!match) {
      throw new StatusError("BadRequest", `invalid selector: '${text}'; can't understand '${term}'`);
    }
    return { path, operator: operator === "!=" ? "!=" : "=", value: unescaped(value) };
  });
}

/** Whether a document's fields meet every demand.
 *
 * @param read the field at a path as text; undefined counts as the empty text
 */
export function matchesFields(selector: FieldSelector, read: (path: string) => string | undefined): boolean {
  for (const { path, operator, value } of selector) {
    if (((read(path) ?? "") === value) !== (operator === "=")) return false;
  }
  return true;
}

/** The value that a selector fixes for a path; undefined where it does not. */
export function fixedField(selector: FieldSelector, path: string): string | undefined {
  return selector.find((requirement) => requirement.path === path && requirement.operator === "=")?.value;
}

/** Parts between commas that no backslash escapes; empty ones say nothing. */
function terms(text: string): string[] {
  return (text.match(/(?:\\.|\\$|[^,\\])+/gs) ?? []);
}

function unescaped(value: string): string {
  const rest = value.replace(/\\[\\,=]/g, "");
  const escape = /\\.?/s.exec(rest)?.[0];
  if (escape) throw invalidSelector(`invalid escape sequence: ${escape}`);
  const raw = /[,=]/.exec(rest)?.[0];
  if (raw) throw invalidSelector(`unescaped character in value: ${raw}`);
  return value.replace(/\\([\\,=])/g, "$1");
}

function invalidSelector(why: string): StatusError {
  return new StatusError("BadRequest", `invalid field selector: ${why}`);
}
