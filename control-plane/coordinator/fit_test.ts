import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { labelSelectorOf } from "@servicelet/shared/krm";
import type { Load } from "./assignments.ts";
import { explain } from "./explain.ts";
import { schedule } from "./fit.ts";
import type { Order } from "./order.ts";
import type { RuntimeFacts } from "./runtime_facts.ts";

const GIB = 2 ** 30;

function site(name: string, differences: Partial<RuntimeFacts> = {}): RuntimeFacts {
  const standard = {
    ready: true,
    unschedulable: false,
    types: ["process", "jvm"],
    region: "eu",
    labels: {},
    memory: GIB,
  };
  return { name, ...standard, ...differences };
}

function order(differences: Partial<Order> = {}): Order {
  return { runtimeType: "process", regions: [], selector: [], memory: 0, ...differences };
}

/** Name of the chosen runtime, or the explanation. */
function choose(wish: Order, sites: RuntimeFacts[], loads: Record<string, Load> = {}): string {
  const decision = schedule(wish, sites, (name) => loads[name] ?? { memory: 0, count: 0 });
  return decision.fits ? decision.runtime : explain(decision.refusals);
}

describe("an order that several runtimes fit", () => {
  it("goes where least memory is requested", () => {
    const loads = { a: { memory: 200, count: 1 }, b: { memory: 100, count: 9 } };
    assert.equal(choose(order(), [site("a"), site("b")], loads), "b");
  });
  it("goes where fewest capabilities are, for the same memory", () => {
    assert.equal(choose(order(), [site("a"), site("b")], { a: { memory: 0, count: 1 } }), "b");
  });
  it("goes to the first by name, for the same load", () => {
    assert.equal(choose(order(), [site("b"), site("a")]), "a");
  });
});

describe("an order that names what it needs", () => {
  const sites = [
    site("down", { ready: false }),
    site("full", { memory: GIB / 4 }),
    site("us", { region: "us", labels: { disk: "fast" } }),
    site("small", { types: ["process"] }),
    site("unknown-memory", { memory: undefined, labels: { disk: "slow" } }),
    site("closed", { unschedulable: true }),
  ];
  it("goes to a runtime of its region", () => {
    assert.equal(choose(order({ regions: ["ap", "us"] }), sites), "us");
  });
  it("goes to a runtime with its labels", () => {
    assert.equal(
      choose(order({ selector: labelSelectorOf({ matchLabels: { disk: "slow" } }) }), sites),
      "unknown-memory",
    );
  });
  it("goes where its memory is left; a runtime that does not say has enough", () => {
    assert.equal(choose(order({ memory: 2 * GIB }), sites), "unknown-memory");
  });
});

const REMEDY = "; change the order, or have a runtime that fits: it is assigned as soon as there is one";

describe("an order that no runtime fits", () => {
  it("learns for each reason how many runtimes failed it, most first", () => {
    const sites = [site("a", { types: ["process"] }), site("b", { types: [] }), site("c", { region: "us" })];
    assert.equal(
      choose(order({ runtimeType: "jvm", regions: ["eu"] }), sites),
      "0 of 3 runtimes fit: 2 lack runtime jvm, 1 is in region us (spec.placement.regions wants eu)" + REMEDY,
    );
  });
  it("learns of every kind of reason", () => {
    const sites = [
      site("a", { ready: false }),
      site("b", { unschedulable: true }),
      site("c", { region: undefined }),
      site("d", { memory: GIB / 2, labels: { disk: "fast" } }),
      site("e"),
    ];
    const wish = order({
      regions: ["eu", "us"],
      memory: GIB,
      selector: labelSelectorOf({ matchLabels: { disk: "fast" } }),
    });
    assert.equal(
      choose(wish, sites),
      "0 of 5 runtimes fit: 1 does not match spec.placement.selector, " +
        "1 has less than 1Gi of memory left (spec.resources.requests.memory), " +
        "1 is in no region (spec.placement.regions wants eu or us), 1 is marked unschedulable, 1 is not ready" +
        REMEDY,
    );
  });
  it("learns that there is no runtime at all", () => {
    assert.equal(
      choose(order(), []),
      "0 of 0 runtimes fit: there is no ServiceRuntime yet, start a servicelet",
    );
  });
});
