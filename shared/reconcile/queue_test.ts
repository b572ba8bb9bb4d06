import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { fakeClock } from "../testing/mod.ts";
import { silentLog } from "../ports/mod.ts";
import { createQueue, type Next } from "./mod.ts";

const random = { next: () => 0, uuid: () => "" };

/** A queue whose looks are written down and held until `release`. */
function startQueue(reconcile: (key: string) => Promise<Next | void> | Next | void, concurrency = 2) {
  const clock = fakeClock();
  const looks: string[] = [];
  const queue = createQueue({
    clock,
    random,
    log: silentLog,
    concurrency,
    reconcile(key) {
      looks.push(key);
      return reconcile(key);
    },
  });
  return { queue, clock, looks };
}

describe("a queue of keys to look at", () => {
  it("makes one look of many wishes", async () => {
    const { queue, looks } = startQueue(() => {});
    await using _ = queue;
    for (const key of ["a", "b", "a", "a"]) queue.add(key);
    await queue.idle();
    assert.deepEqual(looks, ["a", "b"]);
  });

  it("never looks at one key twice at a time, and looks again for a wish during a look", async () => {
    const gate = Promise.withResolvers<void>();
    let now = 0, most = 0;
    const { queue, looks } = startQueue(async () => {
      most = Math.max(most, ++now);
      await gate.promise;
      now--;
    });
    await using _ = queue;
    queue.add("a");
    await Promise.resolve();
    queue.add("a");
    queue.add("a");
    gate.resolve();
    await queue.idle();
    assert.deepEqual(looks, ["a", "a"]);
    assert.equal(most, 1);
  });

  it("looks at different keys side by side, up to its limit", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, looks } = startQueue(() => gate.promise, 2);
    await using _ = queue;
    for (const key of ["a", "b", "c"]) queue.add(key);
    await Promise.resolve();
    assert.deepEqual(looks, ["a", "b"]);
    gate.resolve();
    await queue.idle();
    assert.deepEqual(looks, ["a", "b", "c"]);
  });
});

describe("a look that fails", () => {
  it("is repeated after growing pauses until it succeeds", async () => {
    let failures = 3;
    const { queue, clock, looks } = startQueue(() => {
      if (failures-- > 0) throw new Error("not yet");
    });
    await using _ = queue;
    queue.add("a");
    await queue.idle();
    for (const ms of [5, 10, 20]) {
      const before = looks.length;
      await clock.advance(ms - 1);
      assert.equal(looks.length, before);
      await clock.advance(1);
      await queue.idle();
      assert.equal(looks.length, before + 1);
    }
    await clock.advance(60_000);
    assert.equal(looks.length, 4);
  });

  it("is repeated at once where something changed", async () => {
    const { queue, looks } = startQueue(() => {
      throw new Error("not yet");
    });
    await using _ = queue;
    queue.add("a");
    await queue.idle();
    queue.add("a");
    await queue.idle();
    assert.equal(looks.length, 2);
  });
});

describe("a look that asks for another one later", () => {
  it("gets it when the time has come", async () => {
    const { queue, clock, looks } = startQueue(() => ({ requeueAfterMs: 1000 }));
    await using _ = queue;
    queue.add("a");
    await queue.idle();
    await clock.advance(999);
    assert.equal(looks.length, 1);
    await clock.advance(1);
    await queue.idle();
    assert.equal(looks.length, 2);
  });
});

describe("a queue that is closed", () => {
  it("waits for the look under way and starts no more", async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, looks } = startQueue(() => gate.promise, 1);
    queue.add("a");
    queue.add("b");
    await Promise.resolve();
    const closed = queue[Symbol.asyncDispose]();
    gate.resolve();
    await closed;
    queue.add("c");
    assert.deepEqual(looks, ["a"]);
  });
});
