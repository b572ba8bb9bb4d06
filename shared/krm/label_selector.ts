import { labelKeyProblems, labelValueProblems } from "./names.ts";
import { StatusError } from "./status_error.ts";

/** One demand on a document's labels. Without the key `notin` holds and `in`, `gt`, `lt` do not. */
export type LabelRequirement =
  | { readonly key: string; readonly operator: "in" | "notin"; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: "exists" | "!" }
  | { readonly key: string; readonly operator: "gt" | "lt"; readonly value: bigint };

/** Demands that must all hold; an empty list selects everything. */
export type LabelSelector = readonly LabelRequirement[];

/** A selector as documents carry it, such as `spec.placement.selector`. */
export interface LabelSelectorDocument {
  /** Labels that must be there with these values. */
  matchLabels?: Record<string, string> | undefined;
  /** Further demands; all must hold. */
  matchExpressions?: readonly LabelExpression[] | undefined;
}

/** One line of `matchExpressions`. */
export interface LabelExpression {
  /** Key of the label. */
  key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  operator: string;
  /** Values for `In` and `NotIn`. */
  values?: readonly string[] | undefined;
}

/** Whether labels meet every demand. */
export function matchesLabels(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  for (const requirement of selector) {
    if (!meets(requirement, labels)) return false;
  }
  return true;
}

/** The demands that allow exactly one value: what an index can be asked for. */
export function equalities(selector: LabelSelector): { key: string; value: string }[] {
  return selector.flatMap((requirement) => {
    if (requirement.operator !== "in" || requirement.values.length !== 1) return [];
    return [{ key: requirement.key, value: requirement.values[0] ?? "" }];
  });
}

/** The selector that a document carries. Nothing given selects everything.
 *
 * @throws {StatusError} `BadRequest`, when an operator, key or value cannot be taken
 */
export function labelSelectorOf(
  { matchLabels = {}, matchExpressions = [] }: LabelSelectorDocument,
): LabelSelector {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => requirementOf(key, "in", [value])),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      const known = EXPRESSION_OPERATORS.get(operator);
      if (!known) {
        throw new StatusError(
          "BadRequest",
          `${JSON.stringify(operator)} is not a valid label selector operator`,
        );
      }
      return requirementOf(key, known, [...values]);
    }),
  ];
}

/** Checks a demand and gives it the shape that matching works on.
 *
 * @throws {StatusError} `BadRequest`, with Kubernetes' words for what is wrong
 */
export function requirementOf(
  key: string,
  operator: LabelRequirement["operator"],
  values: readonly string[],
): LabelRequirement {
  const problems = [
    ...labelKeyProblems(key).map((problem) => `key: Invalid value: ${JSON.stringify(key)}: ${problem}`),
    ...countProblems(operator, values).map((problem) =>
      `values: Invalid value: ${JSON.stringify(values)}: ${problem}`
    ),
    ...values.flatMap((value, i) =>
      labelValueProblems(value).map((problem) =>
        `values[${i}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problem}`
      )
    ),
  ];
  const [first, ...more] = problems;
  if (first !== undefined) {
    throw new StatusError("BadRequest", more.length > 0 ? `[${problems.join(", ")}]` : first);
  }
  switch (operator) {
    case "in":
    case "notin":
      return { key, operator, values };
    case "gt":
    case "lt":
      return { key, operator, value: BigInt(values[0] ?? 0) };
    default:
      return { key, operator };
  }
}

const EXPRESSION_OPERATORS = new Map<string, LabelRequirement["operator"]>([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
]);

const INTEGER = /^[+-]?\d+$/;

function countProblems(operator: LabelRequirement["operator"], values: readonly string[]): string[] {
  switch (operator) {
    case "in":
    case "notin":
      return values.length > 0 ? [] : ["for 'in', 'notin' operators, values set can't be empty"];
    case "gt":
    case "lt":
      if (values.length !== 1) return ["for 'Gt', 'Lt' operators, exactly one value is required"];
      return INTEGER.test(values[0] ?? "") ? [] : ["for 'Gt', 'Lt' operators, the value must be an integer"];
    default:
      return values.length === 0 ? [] : ["values set must be empty for exists and does not exist"];
  }
}

function meets(requirement: LabelRequirement, labels: Readonly<Record<string, string>> | undefined): boolean {
  const { key } = requirement;
  const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (requirement.operator) {
    case "in":
      return value !== undefined && requirement.values.includes(value);
    case "notin":
      return value === undefined || !requirement.values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "gt":
      return value !== undefined && INTEGER.test(value) && BigInt(value) > requirement.value;
    case "lt":
      return value !== undefined && INTEGER.test(value) && BigInt(value) < requirement.value;
  }
}
