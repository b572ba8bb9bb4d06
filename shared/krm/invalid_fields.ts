import type { InvalidField } from "./invalid_field.ts";
import { StatusError } from "./status_error.ts";

/** The answer to a document with fields that cannot be taken: reason `Invalid`, one cause per field, in Kubernetes' form
 * `Kind.group "name" is invalid: [spec.a: Required value, …]`.
 *
 * @param kind of the document; `group` is empty for the core group
 * @param name of the document, as far as it is known
 */
export function invalid(
  { kind, group }: { readonly kind: string; readonly group: string },
  name: string,
  fields: readonly InvalidField[],
): StatusError {
  const messages = [...new Set(fields.map((field) => `${field.path}: ${body(field)}`))];
  const what = `${group ? `${kind}.${group}` : kind} ${JSON.stringify(name)} is invalid`;
  const which = messages.length > 1
    ? `: [${messages.join(", ")}]`
    : messages.map((message) => `: ${message}`).join("");
  return new StatusError("Invalid", `${what}${which}`, {
    details: {
      ...(name ? { name } : {}),
      ...(group ? { group } : {}),
      kind,
      causes: fields.map((field) => ({ reason: field.type, message: body(field), field: field.path })),
    },
  });
}

const WORDS: Record<InvalidField["type"], string> = {
  FieldValueInvalid: "Invalid value",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueNotFound: "Not found",
};

/** Kubernetes' text for one field; for some types the value is not repeated.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/validation/field#Error.ErrorBody
 */
function body({ type, value, requirement }: InvalidField): string {
  const silent = type === "FieldValueRequired" || type === "FieldValueForbidden" ||
    type === "FieldValueTooLong";
  return [
    WORDS[type],
    ...(silent ? [] : [JSON.stringify(value) ?? "null"]),
    ...(requirement ? [requirement] : []),
  ].join(": ");
}
