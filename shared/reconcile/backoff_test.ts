import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { backoff } from "./mod.ts";

const chance = (value: number) => ({ next: () => value, uuid: () => "" });

describe("a backoff", () => {
  it("doubles up to its limit", () => {
    const times = backoff({ initialMs: 5, maxMs: 60 }, chance(0));
    assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => times.next()), [5, 10, 20, 40, 60, 60]);
    assert.equal(times.attempts, 6);
  });
  it("leaves its part to chance, never above the full time", () => {
    assert.equal(backoff({ initialMs: 100, maxMs: 100, jitter: 0.3 }, chance(0.5)).next(), 85);
  });
  it("starts over after a reset", () => {
    const times = backoff({ initialMs: 5, maxMs: 60 }, chance(0));
    times.next();
    times.next();
    times.reset();
    assert.equal(times.next(), 5);
  });
});
