import { InvalidField, type Json } from "@servicelet/shared/krm";
import { type Check, type Findings, pathText } from "./findings.ts";

/** Checks of the schemas that allOf, anyOf, oneOf and not combine. */
export interface JunctorChecks {
  readonly allOf: readonly Check[];
  readonly anyOf: readonly Check[];
  readonly oneOf: readonly Check[];
  readonly not: Check | undefined;
}

/** Checks a combination of schemas; undefined where there is none.
 *
 * @see https://github.com/kubernetes/kube-openapi/blob/master/pkg/validation/validate/schema_props.go
 */
export function junctorCheck({ allOf, anyOf, oneOf, not }: JunctorChecks): Check | undefined {
  if (allOf.length + anyOf.length + oneOf.length === 0 && !not) return undefined;
  return function checkJunctors(value, findings) {
    if (anyOf.length > 0) {
      const results = alternatives(anyOf, value, findings);
      if (!results.some(isValid)) {
        refuse(findings, "must validate at least one schema (anyOf)");
        findings.problems.push(...nearest(results));
      }
    }
    if (oneOf.length > 0) {
      const results = alternatives(oneOf, value, findings);
      const valid = results.filter(isValid).length;
      if (valid === 0) {
        refuse(findings, "must validate one and only one schema (oneOf). Found none valid");
        findings.problems.push(...nearest(results));
      } else if (valid > 1) {
        refuse(findings, `must validate one and only one schema (oneOf). Found ${valid} valid alternatives`);
      }
    }
    if (allOf.length > 0) {
      const results = alternatives(allOf, value, findings);
      const valid = results.filter(isValid).length;
      findings.problems.push(...results.flat());
      if (valid < allOf.length) {
        refuse(findings, `must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`);
      }
    }
    if (not && isValid(tried(not, value, findings))) refuse(findings, "must not validate the schema (not)");
  };
}

function alternatives(checks: readonly Check[], value: Json, findings: Findings): InvalidField[][] {
  return checks.map((check) => tried(check, value, findings));
}

function tried(check: Check, value: Json, { path }: Findings): InvalidField[] {
  const attempt: Findings = { path, problems: [] };
  check(value, attempt);
  return attempt.problems;
}

function isValid(problems: readonly InvalidField[]): boolean {
  return problems.length === 0;
}

/** What is wrong with the alternative that fails least. */
function nearest(results: readonly InvalidField[][]): InvalidField[] {
  return results.reduce((best, problems) => problems.length < best.length ? problems : best);
}

/** Kubernetes names no field here: the path is in the text alone. */
function refuse({ path, problems }: Findings, rule: string): void {
  problems.push(new InvalidField("<nil>", "", `${JSON.stringify(pathText(path))} ${rule}`));
}
