import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { change } from "./conformance.ts";
import { decideGroup, type Waiting } from "./group_commit.ts";
import type { Change } from "./store.ts";
import { applyVersion, countForgettable, emptyIndex } from "./version_index.ts";

function waiting(...changes: Change[]): Waiting[] {
  return changes.map((change) => ({ change, resolve() {}, reject() {} }));
}

describe("the decision about what goes into the next commit", () => {
  it("sees earlier changes of the same document in the same group", () => {
    const queue = waiting(
      change("a", 0, "1"),
      change("a", 1, "2"),
      change("a", 2, "2", true),
      change("a", 3, "x"),
      change("a", 0, "4"),
    );
    const { taken, writes, stale } = decideGroup(queue, emptyIndex());
    assert.deepEqual(writes.map(({ version }) => [version.previous, version.revision]), [[0, 1], [1, 2], [
      2,
      3,
    ], [
      0,
      4,
    ]]);
    assert.deepEqual(stale.map(({ reason }) => reason.message), [
      "Cannot write a: it must be at revision 3, it is at 0",
    ]);
    assert.equal(taken, 5);
  });

  it("takes no more than 999 changes, 700 kB and 4 MiB in chunks, and at least one change", () => {
    const many = waiting(...Array.from({ length: 1_200 }, (_, i) => change(`k${i}`, 0, "x")));
    const heavy = waiting(...Array.from({ length: 50 }, (_, i) => change(`k${i}`, 0, "x".repeat(50_000))));
    const large = waiting(...Array.from({ length: 10 }, (_, i) => change(`k${i}`, 0, "x".repeat(1_500_000))));
    assert.equal(decideGroup(many, emptyIndex()).taken, 999);
    assert.equal(decideGroup(heavy, emptyIndex()).taken, 13);
    assert.equal(decideGroup(large, emptyIndex()).taken, 2);
    assert.equal(decideGroup([], emptyIndex()).taken, 0);
  });

  it("leaves the index alone", () => {
    const index = emptyIndex();
    decideGroup(waiting(change("a", 0, "1")), index);
    assert.deepEqual(index, emptyIndex());
  });
});

describe("the index of versions", () => {
  it("knows what nobody needs at a floor: states replaced up to it, and tombstones", () => {
    const index = emptyIndex();
    applyVersion(index, { revision: 1, key: "a", previous: 0, deleted: false });
    applyVersion(index, { revision: 2, key: "b", previous: 0, deleted: false });
    applyVersion(index, { revision: 3, key: "a", previous: 1, deleted: false });
    applyVersion(index, { revision: 4, key: "b", previous: 2, deleted: true });
    const forgettable = (floor: number) =>
      index.superseded.slice(0, countForgettable(index, floor)).map(({ revision }) => revision);
    assert.deepEqual([0, 2, 3, 4].map(forgettable), [[], [], [1], [1, 2, 4]]);
    assert.deepEqual([...index.current], [["a", 3]]);
  });
});
