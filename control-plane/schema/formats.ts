import { isDnsLabel, isDnsSubdomain, type Json } from "@servicelet/shared/krm";

/** Bounds of whole numbers, both included. */
export interface IntegerBounds {
  readonly from: number;
  readonly to: number;
}

const INT32: IntegerBounds = { from: -(2 ** 31), to: 2 ** 31 - 1 };
/** The ends as JavaScript's numbers hold them; beyond 2^53 whoever parsed the document has rounded already. */
const INT64: IntegerBounds = { from: -(2 ** 63), to: 2 ** 63 };

/** Bounds of an integer of a format. */
export function integerBounds(format: Json | undefined): IntegerBounds {
  return format === "int32" ? INT32 : INT64;
}

/** The test of a format of texts by its name, dashes do not count; undefined for a format that Kubernetes does not check.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/validation/formats.go
 */
export function formatCheck(format: string): ((value: string) => boolean) | undefined {
  return FORMATS.get(format.replaceAll("-", ""));
}

/** Longest text that is tried against a pattern of a format. */
const LONGEST = 8192;

function matching(pattern: RegExp): (value: string) => boolean {
  return (value) => value.length <= LONGEST && pattern.test(value);
}

const HEX = "[0-9a-f]";
const uuid = (version: string, variant: string) =>
  matching(new RegExp(`^${HEX}{8}-?${HEX}{4}-?${version}${HEX}{3}-?${variant}${HEX}{3}-?${HEX}{12}$`, "i"));

const FORMATS: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ["bsonobjectid", matching(/^[0-9a-f]{24}$/i)],
  ["uri", isUri],
  ["email", isEmail],
  ["hostname", isHostname],
  ["ipv4", isIpv4],
  ["ipv6", isIpv6],
  ["cidr", isCidr],
  [
    "mac",
    matching(
      /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}([0-9a-f]{2}\2[0-9a-f]{2}\2)?[0-9a-f]{2}$|^([0-9a-f]{4}\.){2,3}[0-9a-f]{4}$/i,
    ),
  ],
  ["uuid", uuid(HEX, HEX)],
  ["uuid3", uuid("3", HEX)],
  ["uuid4", uuid("4", "[89ab]")],
  ["uuid5", uuid("5", "[89ab]")],
  ["isbn", (value: string) => isIsbn10(value) || isIsbn13(value)],
  ["isbn10", isIsbn10],
  ["isbn13", isIsbn13],
  ["creditcard", isCreditCard],
  ["ssn", matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/)],
  ["hexcolor", matching(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i)],
  [
    "rgbcolor",
    matching(/^rgb\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*(,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*){2}\)$/),
  ],
  ["byte", isBase64],
  ["password", () => true],
  ["date", isDate],
  ["duration", isDuration],
  ["datetime", isDateTime],
  ["k8sshortname", isDnsLabel],
  ["k8slongname", isDnsSubdomain],
]);

function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isDateTime(value: string): boolean {
  const match = /^([\d-]{10})t(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:z|[+-]\d{2}:\d{2})$/i.exec(value);
  return match !== null && isDate(match[1] ?? "") && Number(match[2]) <= 23 && Number(match[3]) <= 59 &&
    Number(match[4]) <= 59;
}

/** As Go reads durations (`1h30m`), or one number with a unit in words (`22 ns`, `3 days`). */
function isDuration(value: string): boolean {
  if (value.length > LONGEST) return false;
  return /^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(value) ||
    /^[+-]?\d+\s*(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)$/i
      .test(value);
}

function isBase64(value: string): boolean {
  const compact = value.replaceAll(/[\r\n]/g, "");
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}

function isUri(value: string): boolean {
  if (value === "" || value.length > LONGEST) return false;
  return value.startsWith("/") ? !/[\s\p{Cc}]/u.test(value) : URL.canParse(value);
}

function isEmail(value: string): boolean {
  return value.length <= 320 && /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+$/.test(value);
}

function isHostname(value: string): boolean {
  return value.length <= 255 &&
    value.split(".").every((label) =>
      label.length <= 63 &&
      /^[a-zA-Z0-9\p{S}\p{L}]([-a-zA-Z0-9\p{S}\p{L}]*[a-zA-Z0-9\p{S}\p{L}])?$/u.test(label)
    );
}

function isIpv4(value: string): boolean {
  return /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/.test(value);
}

function isIpv6(value: string): boolean {
  return value.length <= 45 && value.includes(":") && /^[0-9a-f:.]+$/i.test(value) &&
    URL.canParse(`http://[${value}]/`);
}

function isCidr(value: string): boolean {
  const match = /^([^/]{1,45})\/(\d{1,3})$/.exec(value);
  const [address, bits] = [match?.[1] ?? "", Number(match?.[2])];
  return (isIpv4(address) && bits <= 32) || (isIpv6(address) && bits <= 128);
}

function isIsbn10(value: string): boolean {
  const digits = value.slice(0, 32).replaceAll(/[\s-]/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  return [...digits].reduce((sum, digit, i) => sum + (10 - i) * (digit === "X" ? 10 : Number(digit)), 0) %
      11 === 0;
}

function isIsbn13(value: string): boolean {
  const digits = value.slice(0, 32).replaceAll(/[\s-]/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((sum, digit, i) => sum + (i % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0;
}

function isCreditCard(value: string): boolean {
  const digits = value.slice(0, 64).replaceAll(/\D/g, "");
  if (!/^\d{13,16}$/.test(digits)) return false;
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
