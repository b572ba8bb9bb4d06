import { type FieldErrorType, type FieldPath, InvalidField, type Json } from "@servicelet/shared/krm";

/** Where a validation stands in a document, and what it found so far. The path is text only once something is wrong. */
export interface Findings {
  /** Fields by name and items by index, from the root; validations push and pop. */
  readonly path: (string | number)[];
  readonly problems: InvalidField[];
}

/** Looks at one value; tells what is wrong with it. */
export type Check = (value: Json, findings: Findings) => void;

/** Findings at the root of a document. */
export function noFindings(): Findings {
  return { path: [], problems: [] };
}

/** Tells that the present value cannot be taken. */
export function report(
  { path, problems }: Findings,
  value: unknown,
  requirement: string,
  type: FieldErrorType = "FieldValueInvalid",
): void {
  problems.push(new InvalidField(pathText(path), value, requirement, type));
}

/** Tells the same in the words of Kubernetes' schema validation: `spec.replicas in body should be …`. */
export function reportInBody(
  findings: Findings,
  value: unknown,
  rule: string,
  type: FieldErrorType = "FieldValueInvalid",
): void {
  report(findings, value, `${pathText(findings.path)} in body ${rule}`, type);
}

/** Looks at a field or an item of the present value. */
export function descend(step: string | number, value: Json, check: Check, findings: Findings): void {
  findings.path.push(step);
  check(value, findings);
  findings.path.pop();
}

/** A path as people write it: `spec.ports[0].port`. */
export function pathText(path: readonly (string | number)[]): FieldPath {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
