import { type FieldPath, InvalidField } from "./invalid_field.ts";

const UNITS = new Map([
  ["", 1],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
]);

/** Memory in bytes from a Kubernetes quantity such as `512Mi` or `1.5G`; parts of a byte are rounded up.
 *
 * @throws {InvalidField} at `path`, when the text is no quantity, negative, or above 2^53 bytes
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseMemory(text: string, path: FieldPath): number {
  const match = /^(\d+)(?:\.(\d+))?(Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(text);
  const [, whole = "", fraction = "", unit = ""] = match ?? [];
  const bytes = match ? scaled(whole + fraction, fraction.length, UNITS.get(unit) ?? 1) : Number.NaN;
  if (!Number.isSafeInteger(bytes)) {
    throw new InvalidField(path, text, "must be a quantity such as 512Mi");
  }
  return bytes;
}

/** Bytes as a quantity in the largest binary unit that says them exactly: 536870912 is `512Mi`.
 *
 * @param bytes a whole number, not negative
 */
export function formatMemory(bytes: number): string {
  for (const unit of ["Ti", "Gi", "Mi", "Ki"]) {
    const size = UNITS.get(unit) ?? 1;
    if (bytes > 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}

/** `digits` / 10^`places` * `size`, rounded up. In whole numbers: 1.1k is 1100 bytes, in floating point a little more. */
function scaled(digits: string, places: number, size: number): number {
  const divisor = 10n ** BigInt(places);
  return Number((BigInt(digits) * BigInt(size) + divisor - 1n) / divisor);
}
