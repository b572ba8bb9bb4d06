import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { type Condition, conditionOf, setCondition } from "./mod.ts";

const at = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second, 789);
const ready = { type: "Ready", status: "True", reason: "Running", message: "It runs" } as const;

describe("setting a condition", () => {
  it("adds one of a new type with the time, in seconds", () => {
    const conditions: Condition[] = [];
    assert.equal(setCondition(conditions, ready, at(1)), true);
    assert.deepEqual(conditions, [{ ...ready, lastTransitionTime: "2026-01-01T00:00:01Z" }]);
  });

  it("changes nothing where it says the same", () => {
    const conditions: Condition[] = [];
    setCondition(conditions, ready, at(1));
    const before = structuredClone(conditions);
    assert.equal(setCondition(conditions, { ...ready }, at(2)), false);
    assert.deepEqual(conditions, before);
  });

  it("keeps the time while the status stays, and moves it when that changes", () => {
    const conditions: Condition[] = [];
    setCondition(conditions, ready, at(1));
    assert.equal(setCondition(conditions, { ...ready, observedGeneration: 2 }, at(2)), true);
    assert.equal(conditions[0]?.lastTransitionTime, "2026-01-01T00:00:01Z");
    assert.equal(setCondition(conditions, { ...ready, status: "False", reason: "Stopped" }, at(3)), true);
    assert.equal(conditions[0]?.lastTransitionTime, "2026-01-01T00:00:03Z");
    assert.equal(conditions.length, 1);
  });

  it("can be looked up in its document", () => {
    const conditions: Condition[] = [];
    setCondition(conditions, ready, at(1));
    assert.equal(conditionOf({ status: { conditions } }, "Ready")?.reason, "Running");
    assert.equal(conditionOf({ status: { conditions } }, "Started"), undefined);
    assert.equal(conditionOf({}, "Ready"), undefined);
  });
});
