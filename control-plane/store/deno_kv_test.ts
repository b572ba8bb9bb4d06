import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { silentLog, systemClock } from "@servicelet/shared/ports";
import { fakeClock, seededRandom } from "@servicelet/shared/testing";
import { change, told } from "./conformance.ts";
import { openDenoKvStore } from "./deno_kv.ts";
import { StaleRevision, type Store, StoreUnavailable } from "./store.ts";
import { type InterceptedKv, interceptedKv } from "./testdata/intercepted_kv.ts";

const ports = { clock: systemClock, random: seededRandom(1), log: silentLog };

for (const exclusive of [true, false]) {
  describe(`a store on ${exclusive ? "its own" : "a shared"} Deno KV whose answers are unreliable`, () => {
    let kv: InterceptedKv;
    let store: Store;
    let seen: string[];

    beforeEach(async () => {
      kv = interceptedKv(await Deno.openKv(":memory:"));
      store = await openDenoKvStore({ kv, exclusive, ...ports });
      seen = [];
      await store.follow((version) => void seen.push(told(version)));
      await store.commit(change("a", 0, "one"));
    });
    afterEach(async () => await store[Symbol.asyncDispose]());

    it("recognizes its own commit when the repeated one finds the head moved", async () => {
      kv.onHeadCommit = async (commit) => {
        await commit();
        return { ok: false };
      };
      const results = await Promise.allSettled([
        store.commit(change("a", 1, "two")),
        store.commit(change("a", 1, "x")),
        store.commit(change("b", 0, "bee")),
      ]);
      assert.deepEqual(results.map((r) => r.status === "fulfilled" ? r.value : `${r.reason}`), [
        2,
        `${new StaleRevision("a", 1, 2)}`,
        3,
      ]);
      assert.deepEqual(seen, ["1<0 a one", "2<1 a two", "3<0 b bee"]);
    });

    it("recognizes its own commit when the answer is an error", async () => {
      kv.onHeadCommit = async (commit) => {
        await commit();
        throw new TypeError("connection reset");
      };
      assert.equal(await store.commit(change("a", 1, "two")), 2);
      kv.onHeadCommit = (commit) => commit();
      assert.equal(await store.commit(change("a", 2, "three")), 3);
      assert.deepEqual(seen, ["1<0 a one", "2<1 a two", "3<2 a three"]);
    });

    it("recognizes its own raise of the floor", async () => {
      await store.commit(change("a", 1, "two"));
      kv.onHeadCommit = async (commit) => {
        await commit();
        return { ok: false };
      };
      await store.compact(2);
      assert.equal(store.floor, 2);
    });

    it("says that it cannot tell where the database is gone, and finds out by itself later", async () => {
      kv.onHeadCommit = async (commit) => {
        await commit();
        throw new TypeError("connection reset");
      };
      kv.onGet = () => Promise.reject(new TypeError("no route"));
      await assert.rejects(store.commit(change("a", 1, "two")), {
        name: "StoreUnavailable",
        message: "Cannot tell whether the commit was written: connection reset",
      });
      assert.deepEqual(seen, ["1<0 a one"]);
      kv.onHeadCommit = (commit) => commit();
      kv.onGet = () => Promise.resolve();
      const [b, a] = await Promise.allSettled([
        store.commit(change("b", 0, "bee")),
        store.commit(change("a", 1, "x")),
      ]);
      assert.deepEqual(b, { status: "fulfilled", value: 3 });
      assert.deepEqual(`${a.status === "rejected" && a.reason}`, `${new StaleRevision("a", 1, 2)}`);
      assert.deepEqual(seen, ["1<0 a one", "2<1 a two", "3<0 b bee"]);
    });

    it("rejects what waits while the disk is full, shows none of it, and goes on once there is space", async () => {
      kv.onHeadCommit = kv.onOtherCommit = () => Promise.reject(new TypeError("database or disk is full"));
      const full = await Promise.allSettled([
        store.commit(change("a", 1, "two")),
        store.commit(change("b", 0, "x".repeat(100_000))),
      ]);
      for (const result of full) {
        assert.ok(result.status === "rejected" && result.reason instanceof StoreUnavailable);
        assert.match(
          result.reason.message,
          /Cannot write to the store: database or disk is full; (nothing|whether)/,
        );
      }
      await store.sync();
      assert.deepEqual([store.revision, seen], [1, ["1<0 a one"]]);
      await assert.rejects(
        store.compact(1).then(() => store.commit(change("a", 1, "two"))),
        StoreUnavailable,
      );

      kv.onHeadCommit = kv.onOtherCommit = (commit) => commit();
      assert.equal(await store.commit(change("a", 1, "two")), 2);
      await store.compact(2);
      assert.equal(store.floor, 2);
    });
  });
}

describe("a store on Deno KV", () => {
  let kv: InterceptedKv;
  let store: Store;

  beforeEach(async () => {
    kv = interceptedKv(await Deno.openKv(":memory:"));
    store = await openDenoKvStore({ kv, exclusive: true, ...ports });
  });
  afterEach(async () => await store[Symbol.asyncDispose]());

  async function chunks(): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of kv.list({ start: ["chunk"], end: ["chunk", "~"] }, {})) {
      found.push(`${key[1]}/${key[2]}`);
    }
    return found;
  }

  /** A second store in the same database, as after a crash of the first. */
  async function crashAndReopen(clock = systemClock): Promise<Store> {
    const reopened = await openDenoKvStore({ kv: { ...kv, close() {} }, exclusive: true, ...ports, clock });
    await reopened[Symbol.asyncDispose]();
    return reopened;
  }

  it("puts everything that came during a commit into the next one", async () => {
    let commits = 0;
    const underWay = Promise.withResolvers<void>();
    const proceed = Promise.withResolvers<void>();
    kv.onHeadCommit = async (commit) => {
      if (++commits === 1) {
        underWay.resolve();
        await proceed.promise;
      }
      return await commit();
    };
    const first = store.commit(change("first", 0, "x"));
    await underWay.promise;
    const others = Array.from({ length: 100 }, (_, i) => store.commit(change(`k${i}`, 0, "x")));
    proceed.resolve();
    assert.deepEqual(await Promise.all([first, ...others]), Array.from({ length: 101 }, (_, i) => i + 1));
    assert.equal(commits, 2);
  });

  it("divides what is too much for one atomic operation", async () => {
    let commits = 0;
    kv.onHeadCommit = (commit) => {
      commits++;
      return commit();
    };
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => store.commit(change(`k${i}`, 0, "x".repeat(50_000)))),
    );
    assert.equal(commits, Math.ceil(40 / Math.floor(700_000 / 50_200)));
    await Promise.all(Array.from({ length: 1_500 }, (_, i) => store.commit(change(`s${i}`, 0, "x"))));
    assert.equal(store.revision, 1_540);
  });

  it("removes a forgotten document's chunks", async () => {
    await store.commit(change("a", 0, "x".repeat(200_000)));
    await store.commit(change("a", 1, "y".repeat(100_000)));
    assert.equal((await chunks()).length, 4 + 2);
    await store.compact(2);
    assert.equal((await chunks()).length, 2);
    await store.commit(change("a", 2, "y".repeat(100_000), true));
    await store.compact(3);
    assert.deepEqual(await chunks(), []);
  });

  it("sweeps chunks whose commit never happened at a start an hour later, and only those", async () => {
    await store.commit(change("kept", 0, "x".repeat(200_000)));
    kv.onHeadCommit = () => Promise.reject(new TypeError("killed"));
    await assert.rejects(store.commit(change("lost", 0, "x".repeat(200_000))), StoreUnavailable);
    kv.onHeadCommit = (commit) => commit();
    await store.commit(change("kept too", 0, "x".repeat(200_000)));
    const all = await chunks();
    assert.equal(all.length, 12);

    await crashAndReopen(fakeClock(Date.now() + 59 * 60_000));
    assert.deepEqual(await chunks(), all);
    await crashAndReopen(fakeClock(Date.now() + 61 * 60_000));
    assert.deepEqual(await chunks(), [...all.slice(0, 4), ...all.slice(8)]);
  });

  it("finishes a compaction that a crash broke off, and brings nothing back", async () => {
    for (let i = 0; i < 300; i++) {
      const revision = await store.commit(change(`k${i}`, 0, "x"));
      await store.commit(change(`k${i}`, revision, "x", true));
    }
    let batches = 0;
    kv.onOtherCommit = (commit) => ++batches > 1 ? Promise.reject(new TypeError("killed")) : commit();
    await assert.rejects(store.compact(600), /Cannot compact the store: killed/);
    kv.onOtherCommit = (commit) => commit();

    const reopened = await openDenoKvStore({ kv: { ...kv, close() {} }, exclusive: true, ...ports });
    const documents = new Set<string>();
    let versions = 0;
    await reopened.follow(({ key, deleted }) => {
      versions++;
      if (deleted) documents.delete(key);
      else documents.add(key);
    });
    assert.deepEqual([reopened.floor, reopened.revision, documents.size, versions], [600, 600, 0, 350]);
    await reopened.compact(600);
    await reopened[Symbol.asyncDispose]();

    const empty = await openDenoKvStore({ kv: { ...kv, close() {} }, exclusive: true, ...ports });
    await empty.follow(({ revision }) => assert.fail(`revision ${revision} is still there`));
    assert.equal(empty.revision, 600);
    await empty[Symbol.asyncDispose]();
  });

  it("refuses a database in which a revision is missing", async () => {
    for (let i = 0; i < 3; i++) await store.commit(change(`k${i}`, 0, "x"));
    await kv.atomic().delete(["v", 2]).commit();
    await assert.rejects(crashAndReopen(), {
      name: "StoreUnavailable",
      message: "Cannot load the store: revision 2 is missing, though the floor is 0 and the head is 3: " +
        "restore the database from a backup",
    });
  });

  it("refuses a database that a later release wrote", async () => {
    await kv.atomic().set(["head"], { format: 2, revision: 1, floor: 0 }).commit();
    await assert.rejects(crashAndReopen(), /the head of the store must have format 1: it was {"format":2/);
  });
});
