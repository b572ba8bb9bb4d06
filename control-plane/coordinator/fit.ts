import { matchesLabels } from "@servicelet/shared/krm";
import type { Load } from "./assignments.ts";
import type { Order } from "./order.ts";
import type { RuntimeFacts } from "./runtime_facts.ts";

/** Why a runtime is not suitable: the first thing that stands in the way. */
export type Refusal =
  | { readonly why: "NotReady" | "Unschedulable" | "Labels" }
  | { readonly why: "RuntimeType"; readonly wanted: string }
  | { readonly why: "Region"; readonly region: string | undefined; readonly wanted: readonly string[] }
  | { readonly why: "Memory"; readonly free: number; readonly wanted: number };

/** Where an order goes, or why nowhere. */
export type Decision =
  | { readonly fits: true; readonly runtime: string }
  | { readonly fits: false; readonly refusals: readonly Refusal[] };

/** Chooses the least loaded of the suitable runtimes: by memory requested there, then by number of capabilities, then by name. */
export function schedule(
  order: Order,
  runtimes: Iterable<RuntimeFacts>,
  loadOf: (runtime: string) => Load,
): Decision {
  const refusals: Refusal[] = [];
  let best: { readonly name: string; readonly load: Load } | undefined;
  for (const runtime of runtimes) {
    const load = loadOf(runtime.name);
    const refusal = refuse(order, runtime, load);
    if (refusal) refusals.push(refusal);
    else if (!best || isBefore({ name: runtime.name, load }, best)) best = { name: runtime.name, load };
  }
  return best ? { fits: true, runtime: best.name } : { fits: false, refusals };
}

function refuse(order: Order, runtime: RuntimeFacts, load: Load): Refusal | undefined {
  if (!runtime.ready) return { why: "NotReady" };
  if (runtime.unschedulable) return { why: "Unschedulable" };
  if (!runtime.types.includes(order.runtimeType)) return { why: "RuntimeType", wanted: order.runtimeType };
  if (order.regions.length > 0 && !order.regions.includes(runtime.region ?? "")) {
    return { why: "Region", region: runtime.region, wanted: order.regions };
  }
  if (!matchesLabels(order.selector, runtime.labels)) return { why: "Labels" };
  const free = Math.max(0, (runtime.memory ?? Infinity) - load.memory);
  return order.memory > free ? { why: "Memory", free, wanted: order.memory } : undefined;
}

interface Candidate {
  readonly name: string;
  readonly load: Load;
}

function isBefore(a: Candidate, b: Candidate): boolean {
  if (a.load.memory !== b.load.memory) return a.load.memory < b.load.memory;
  if (a.load.count !== b.load.count) return a.load.count < b.load.count;
  return a.name < b.name;
}
