import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { fakeClock } from "./mod.ts";

describe("a fake clock", () => {
  it("stands still until it is moved", async () => {
    const clock = fakeClock(1000);
    assert.deepEqual([clock.now(), clock.monotonic()], [1000, 0]);
    await clock.advance(250);
    assert.deepEqual([clock.now(), clock.monotonic()], [1250, 250]);
  });

  it("wakes sleepers in order of their time, each at its own instant", async () => {
    const clock = fakeClock(0);
    const woken: string[] = [];
    for (const [name, ms] of [["late", 30], ["early", 10], ["early too", 10], ["never", 41]] as const) {
      clock.sleep(ms).then(() => woken.push(`${name} at ${clock.now()}`));
    }
    await clock.advance(40);
    assert.deepEqual(woken, ["early at 10", "early too at 10", "late at 30"]);
    assert.equal(clock.sleepers, 1);
    assert.equal(clock.now(), 40);
  });

  it("lets who was woken sleep again within the same advance", async () => {
    const clock = fakeClock(0);
    let rounds = 0;
    (async () => {
      for (; rounds < 5; rounds++) await clock.sleep(10);
    })();
    await clock.advance(35);
    assert.equal(rounds, 3);
    await clock.advance(5);
    assert.equal(rounds, 4);
  });

  it("knows of a sleep that begins just after the call that leads to it", async () => {
    const clock = fakeClock(0);
    let awake = false;
    Promise.resolve().then(() => clock.sleep(5)).then(() => awake = true);
    await clock.advance(5);
    assert.equal(awake, true);
  });
});

describe("a sleep on a fake clock that is aborted", () => {
  it("rejects with the signal's reason, at once where it was aborted before", async () => {
    const clock = fakeClock();
    const stop = new AbortController();
    const sleep = clock.sleep(10, stop.signal);
    const reason = new Error("enough");
    stop.abort(reason);
    await assert.rejects(sleep, reason);
    await assert.rejects(clock.sleep(10, stop.signal), reason);
    assert.equal(clock.sleepers, 0);
  });
});
