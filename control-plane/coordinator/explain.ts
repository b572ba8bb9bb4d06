import { formatMemory } from "@servicelet/shared/krm";
import type { Refusal } from "./fit.ts";

/** Says for every reason how many runtimes it excluded: `0 of 3 runtimes fit: 2 lack runtime jvm, 1 is in region us (wanted eu)`. */
export function explain(refusals: readonly Refusal[]): string {
  if (refusals.length === 0) {
    return "0 of 0 runtimes fit: there is no ServiceRuntime yet, start a servicelet";
  }
  const counts = new Map<string, { one: string; many: string; count: number }>();
  for (const refusal of refusals) {
    const { one, many } = words(refusal);
    const entry = counts.getOrInsertComputed(one, () => ({ one, many, count: 0 }));
    entry.count++;
  }
  const reasons = [...counts.values()]
    .sort((a, b) => b.count - a.count || (a.one < b.one ? -1 : 1))
    .map(({ one, many, count }) => `${count} ${count === 1 ? one : many}`);
  const noun = refusals.length === 1 ? "runtime fits" : "runtimes fit";
  return `0 of ${refusals.length} ${noun}: ${
    reasons.join(", ")
  }; change the order, or have a runtime that fits: it is assigned as soon as there is one`;
}

/** A reason said of one runtime and of many. */
function words(refusal: Refusal): { one: string; many: string } {
  switch (refusal.why) {
    case "NotReady":
      return be("not ready");
    case "Unschedulable":
      return be("marked unschedulable");
    case "RuntimeType":
      return { one: `lacks runtime ${refusal.wanted}`, many: `lack runtime ${refusal.wanted}` };
    case "Region": {
      const place = refusal.region === undefined ? "no region" : `region ${refusal.region}`;
      return be(`in ${place} (spec.placement.regions wants ${refusal.wanted.join(" or ")})`);
    }
    case "Labels":
      return { one: "does not match spec.placement.selector", many: "do not match spec.placement.selector" };
    case "Memory": {
      const text = `less than ${
        formatMemory(refusal.wanted)
      } of memory left (spec.resources.requests.memory)`;
      return { one: `has ${text}`, many: `have ${text}` };
    }
  }
}

function be(what: string): { one: string; many: string } {
  return { one: `is ${what}`, many: `are ${what}` };
}
