/** Rules that ConfigMaps and Secrets share.
 *
 * @module
 */
import { deepEqual, InvalidField, type KubeObject } from "@servicelet/shared/krm";

const MAX_DATA = 1024 * 1024;
const KEY = /^[-._a-zA-Z0-9]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What the keys of a map of data break. */
export function dataKeyProblems(data: Record<string, string> | undefined, path: string): InvalidField[] {
  return Object.keys(data ?? {}).flatMap((key) => {
    const at = `${path}[${key}]`;
    if (key.length > 253) return [new InvalidField(at, key, "must be no more than 253 characters")];
    if (key === "." || key.startsWith("..")) {
      return [new InvalidField(at, key, `must not be '.' or start with '..'`)];
    }
    if (KEY.test(key)) return [];
    return [
      new InvalidField(
        at,
        key,
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
          "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ),
    ];
  });
}

/** Values that are no base64. */
export function base64Problems(data: Record<string, string> | undefined, path: string): InvalidField[] {
  return Object.entries(data ?? {}).flatMap(([key, value]) =>
    BASE64.test(value) ? [] : [new InvalidField(`${path}[${key}]`, value.slice(0, 40), "must be base64")]
  );
}

/** More data than a document may have; sizes in bytes of what is meant, not of its base64. */
export function sizeProblems(
  document: KubeObject,
  plain: string | undefined,
  base64: string,
): InvalidField[] {
  let size = 0;
  if (plain) {
    for (const [key, value] of entries(document, plain)) size += key.length + UTF8.encode(value).length;
  }
  for (const [key, value] of entries(document, base64)) size += key.length + Math.floor(value.length * 0.75);
  if (size <= MAX_DATA) return [];
  return [
    new InvalidField(plain ?? base64, size, `may not be more than ${MAX_DATA} bytes`, "FieldValueTooLong"),
  ];
}

/** Changes of a document that is `immutable`. */
export function immutableProblems(
  document: KubeObject,
  old: KubeObject,
  fields: readonly string[],
): InvalidField[] {
  if (old["immutable"] !== true) return [];
  const forbidden = "field is immutable when `immutable` is set";
  return ["immutable", ...fields].filter((field) => !deepEqual(document[field], old[field]))
    .map((field) => new InvalidField(field, undefined, forbidden, "FieldValueForbidden"));
}

const UTF8 = new TextEncoder();

function entries(document: KubeObject, field: string): [string, string][] {
  return Object.entries(document[field] ?? {});
}
