import { isJsonObject, type Json } from "@servicelet/shared/krm";
import { type Check, descend, type Findings, report, reportInBody } from "./findings.ts";
import type { SchemaNode } from "./schema_node.ts";
import { count } from "./value_checks.ts";

/** Checks the size of lists and that they hold nothing twice where they may not; undefined where a list may be any. */
export function listCheck(node: SchemaNode, checkItem: Check | undefined): Check | undefined {
  const { keywords, listType, listMapKeys } = node;
  const [most, least] = [count(keywords, "maxItems"), count(keywords, "minItems")];
  const unique = keywords["uniqueItems"] === true;
  if (!checkItem && most === undefined && least === undefined && !unique && !listType) return undefined;
  return function checkList(value, findings) {
    if (!Array.isArray(value)) return;
    if (most !== undefined && value.length > most) {
      report(findings, value.length, `must have at most ${most} items`, "FieldValueTooMany");
      return;
    }
    if (checkItem) {
      for (let i = 0; i < value.length; i++) descend(i, value[i] as Json, checkItem, findings);
    }
    if (least !== undefined && value.length < least) {
      reportInBody(findings, value.length, `should have at least ${least} items`);
    }
    if (unique && repeated(value).length > 0) reportInBody(findings, value, "shouldn't contain duplicates");
    if (listType === "set") reportRepeated(value, value, findings);
    if (listType === "map") checkMap(value, listMapKeys, findings);
  };
}

function checkMap(list: readonly Json[], keys: readonly string[], findings: Findings): void {
  const wrong = list.findIndex((item) => item !== null && !isJsonObject(item));
  if (wrong >= 0) {
    const requirement = "must be an object for an array of list-type map";
    descend(wrong, list[wrong] as Json, (item) => report(findings, item, requirement), findings);
    return;
  }
  const identities = list.map((item) =>
    Object.fromEntries(
      keys.flatMap((key) => {
        const value = isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
        return value === undefined ? [] : [[key, value]];
      }),
    )
  );
  reportRepeated(list, identities, findings);
}

function reportRepeated(list: readonly Json[], identities: readonly Json[], findings: Findings): void {
  for (const index of repeated(identities)) {
    const identity = identities[index];
    descend(
      index,
      list[index] as Json,
      () => report(findings, identity, "", "FieldValueDuplicate"),
      findings,
    );
  }
}

/** Indexes of the first repetition of each value. */
function repeated(values: readonly Json[]): number[] {
  if (values.length <= 1) return [];
  const seen = new Map<string, number>();
  const found: number[] = [];
  values.forEach((value, index) => {
    const identity = canonical(value);
    const times = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, times);
    if (times === 2) found.push(index);
  });
  return found;
}

/** JSON with sorted keys: equal for equal values. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort().map((key) =>
    `${JSON.stringify(key)}:${canonical(value[key] as Json)}`
  );
  return `{${fields.join(",")}}`;
}
