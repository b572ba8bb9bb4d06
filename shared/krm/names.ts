/** Rules for names, labels and their keys, in Kubernetes' words.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 * @module
 */
import { type FieldPath, InvalidField } from "./invalid_field.ts";

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";

const labelPattern = new RegExp(`^${LABEL}$`);
const subdomainPattern = new RegExp(`^${SUBDOMAIN}$`);
const qualifiedPattern = new RegExp(`^${QUALIFIED}$`);
const labelValuePattern = new RegExp(`^${LABEL_VALUE}$`);

const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
  `with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  `and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;
const QUALIFIED_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  `character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`;
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start " +
  `and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`;

/** Kinds of names of documents. */
export type NameRule = "subdomain" | "label" | "path";

/** What is wrong with a DNS label (RFC 1123), nothing where it is one. */
function dnsLabelProblems(value: string): string[] {
  return problems(value, 63, labelPattern, LABEL_RULE);
}

/** What is wrong with a DNS subdomain (RFC 1123). */
function dnsSubdomainProblems(value: string): string[] {
  return problems(value, 253, subdomainPattern, SUBDOMAIN_RULE);
}

/** What is wrong with a name that must only be able to stand in a URL's path. */
function pathSegmentProblems(value: string): string[] {
  if (value === "." || value === "..") return [`may not be '${value}'`];
  return ["/", "%"].filter((character) => value.includes(character)).map((character) =>
    `may not contain '${character}'`
  );
}

/** What is wrong with a key of labels, annotations or finalizers: a name, with a DNS subdomain and `/` before it where it has an owner. */
export function labelKeyProblems(value: string): string[] {
  const parts = value.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) {
    return [
      `a qualified name ${QUALIFIED_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const found: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    if (prefix === "") found.push("prefix part must be non-empty");
    else found.push(...dnsSubdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  }
  if (name === "") found.push("name part must be non-empty");
  else if (name.length > 63) found.push("name part must be no more than 63 bytes");
  if (!qualifiedPattern.test(name)) found.push(`name part ${QUALIFIED_RULE}`);
  return found;
}

/** What is wrong with the value of a label. */
export function labelValueProblems(value: string): string[] {
  return problems(value, 63, labelValuePattern, LABEL_VALUE_RULE);
}

/** True for a DNS label (RFC 1123): at most 63 of a-z, 0-9 and `-`. */
export function isDnsLabel(value: string): boolean {
  return value.length <= 63 && labelPattern.test(value);
}

/** True for a DNS subdomain (RFC 1123): labels joined by dots, at most 253 characters. */
export function isDnsSubdomain(value: string): boolean {
  return value.length <= 253 && subdomainPattern.test(value);
}

/** Violations of the rule for a document's name. */
export function validateName(
  name: string,
  rule: NameRule,
  path: FieldPath = "metadata.name",
): InvalidField[] {
  const found = { subdomain: dnsSubdomainProblems, label: dnsLabelProblems, path: pathSegmentProblems }[rule](
    name,
  );
  return found.map((problem) => new InvalidField(path, name, problem));
}

/** Violations in a map of labels: keys are qualified names, values at most 63 letters, digits, `-`, `_` and `.`. */
export function validateLabels(
  labels: Readonly<Record<string, string>>,
  path: FieldPath = "metadata.labels",
): InvalidField[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...validateQualifiedName(key, path),
    ...labelValueProblems(value).map((problem) => new InvalidField(path, value, problem)),
  ]);
}

/** Violations of the rule for keys of labels, annotations and finalizers. */
export function validateQualifiedName(name: string, path: FieldPath): InvalidField[] {
  return labelKeyProblems(name).map((problem) => new InvalidField(path, name, problem));
}

function problems(value: string, longest: number, pattern: RegExp, rule: string): string[] {
  return [
    ...(value.length > longest ? [`must be no more than ${longest} bytes`] : []),
    ...(pattern.test(value) ? [] : [rule]),
  ];
}
