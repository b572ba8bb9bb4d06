import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { fakeClock, seededRandom } from "@servicelet/shared/testing";
import { commitWhenFree } from "./commit_when_free.ts";
import type { KvAtomic } from "./kv.ts";

/** An operation whose first `failures` attempts fail with a message. */
function operation(failures: number, message: string): { operation: KvAtomic; attempts: () => number } {
  let attempts = 0;
  const operation: KvAtomic = {
    check: () => operation,
    set: () => operation,
    delete: () => operation,
    commit() {
      if (attempts++ < failures) return Promise.reject(new TypeError(message));
      return Promise.resolve({ ok: true, versionstamp: "1" });
    },
  };
  return { operation, attempts: () => attempts };
}

describe("a commit while someone else writes into the same file", () => {
  const random = seededRandom(1);

  it("is tried again until the lock is free", async () => {
    const clock = fakeClock();
    const locked = operation(7, "database is locked");
    const committed = commitWhenFree(locked.operation, { clock, random });
    await clock.advance(1_000);
    assert.deepEqual(await committed, { ok: true, versionstamp: "1" });
    assert.equal(locked.attempts(), 8);
  });

  it("fails where the lock is held for seconds", async () => {
    const clock = fakeClock();
    const committed = assert.rejects(
      commitWhenFree(operation(Infinity, "database is locked").operation, { clock, random }),
      /database is locked/,
    );
    await clock.advance(5_000);
    await committed;
  });

  it("is not tried again where something else is wrong", async () => {
    const full = operation(1, "database or disk is full");
    await assert.rejects(commitWhenFree(full.operation, { clock: fakeClock(), random }), /disk is full/);
    assert.equal(full.attempts(), 1);
  });
});
