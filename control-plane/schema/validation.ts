import type { Check } from "./findings.ts";
import { junctorCheck } from "./junctor_checks.ts";
import { listCheck } from "./list_checks.ts";
import { objectCheck } from "./object_checks.ts";
import type { SchemaNode } from "./schema_node.ts";
import { typeCheck } from "./type_check.ts";
import { enumCheck, numberCheck, textCheck } from "./value_checks.ts";

/** Compiles the validation of one node and all below it; undefined where every value is valid.
 *
 * @throws {SyntaxError} where a pattern is no regular expression
 */
export function compileValidation(node: SchemaNode): Check | undefined {
  const checks = [
    typeCheck(node),
    junctorCheck({
      allOf: compiled(node.allOf),
      anyOf: compiled(node.anyOf),
      oneOf: compiled(node.oneOf),
      not: node.not && (compileValidation(node.not) ?? acceptAll),
    }),
    textCheck(node),
    numberCheck(node),
    listCheck(node, node.items && compileValidation(node.items)),
    enumCheck(node),
    objectCheck(node, {
      named: namedChecks(node),
      other: typeof node.additionalProperties === "object"
        ? compileValidation(node.additionalProperties)
        : undefined,
    }),
  ].filter((check) => check !== undefined);
  const [first, second, third] = checks;
  if (!first || (checks.length === 1)) return first;
  if (second && checks.length === 2) {
    return function checkTwo(value, findings) {
      first(value, findings);
      second(value, findings);
    };
  }
  if (second && third && checks.length === 3) {
    return function checkThree(value, findings) {
      first(value, findings);
      second(value, findings);
      third(value, findings);
    };
  }
  return function checkEach(value, findings) {
    for (const check of checks) check(value, findings);
  };
}

function compiled(nodes: readonly SchemaNode[]): Check[] {
  return nodes.map((node) => compileValidation(node) ?? acceptAll);
}

function namedChecks({ properties }: SchemaNode): Map<string, Check> {
  const checks = new Map<string, Check>();
  for (const [name, node] of properties) {
    const check = compileValidation(node);
    if (check) checks.set(name, check);
  }
  return checks;
}

function acceptAll(): void {}
