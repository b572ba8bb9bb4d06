import { timestamp } from "./timestamp.ts";
import type { Condition, KubeObject } from "./types.ts";

/** Puts a condition into the list, in place of the one of its type. `lastTransitionTime` moves only when `status` does.
 *
 * @param conditions is changed in place
 * @param now milliseconds since 1970
 * @returns whether anything changed
 */
export function setCondition(
  conditions: Condition[],
  condition: Omit<Condition, "lastTransitionTime">,
  now: number,
): boolean {
  const index = conditions.findIndex((c) => c.type === condition.type);
  const old = conditions[index];
  if (!old) {
    conditions.push({ ...condition, lastTransitionTime: timestamp(now) });
    return true;
  }
  const same = old.status === condition.status && old.reason === condition.reason &&
    old.message === condition.message && old.observedGeneration === condition.observedGeneration;
  if (same) return false;
  const lastTransitionTime = old.status === condition.status ? old.lastTransitionTime : timestamp(now);
  conditions[index] = { ...condition, lastTransitionTime };
  return true;
}

/** A document's condition of a type. */
export function conditionOf(
  document: KubeObject | {
    readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
  },
  type: string,
): Condition | undefined {
  return document.status?.conditions?.find((condition: Condition) => condition.type === type);
}
