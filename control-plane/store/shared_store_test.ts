import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { silentLog, systemClock } from "@servicelet/shared/ports";
import { seededRandom, type TemporaryDirectory, temporaryDirectory } from "@servicelet/shared/testing";
import { change, told } from "./conformance.ts";
import { openDenoKvStore } from "./deno_kv.ts";
import { type Revision, StaleRevision, type Store, StoreUnavailable } from "./store.ts";

interface Instance {
  readonly store: Store;
  readonly seen: string[];
  /** Content and revision of each document, as this instance's follower knows it. */
  readonly documents: Map<string, { revision: Revision; text: string }>;
  /** Resolves when the follower was told of a revision, without anybody asking the store for it. */
  reached(revision: Revision): Promise<void>;
}

describe("two stores on one Deno KV", () => {
  let directory: TemporaryDirectory;
  let one: Instance;
  let other: Instance;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    one = await open(1);
    other = await open(2);
  });
  afterEach(async () => {
    await one.store[Symbol.asyncDispose]();
    await other.store[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  async function open(seed: number): Promise<Instance> {
    const kv = await Deno.openKv(join(directory.path, "kv.sqlite3"));
    const ports = { clock: systemClock, random: seededRandom(seed), log: silentLog };
    const store = await openDenoKvStore({ kv, exclusive: false, ...ports });
    const instance: Instance = { store, seen: [], documents: new Map(), reached };
    let wanted = Infinity;
    let arrived = () => {};
    function reached(revision: Revision): Promise<void> {
      wanted = revision;
      return store.revision >= revision ? Promise.resolve() : new Promise((resolve) => arrived = resolve);
    }
    await store.follow((version) => {
      instance.seen.push(told(version));
      const { t } = JSON.parse(new TextDecoder().decode(version.document.bytes)) as { t: string };
      if (version.deleted) instance.documents.delete(version.key);
      else instance.documents.set(version.key, { revision: version.revision, text: t });
      if (version.revision >= wanted) arrived();
    });
    return instance;
  }

  it("lose no update of 2 x 8 writers that count in 4 documents, and tell both followers the same", async () => {
    const conflicts = { count: 0 };
    const writers = [one, other].flatMap((instance) =>
      Array.from({ length: 8 }, (_, i) => ({ instance, i }))
    );
    await Promise.all(writers.map(async ({ instance, i }) => {
      const key = `counter${i % 4}`;
      for (let done = 0; done < 25;) {
        const { revision, text } = instance.documents.get(key) ?? { revision: 0, text: "0" };
        try {
          await instance.store.commit(change(key, revision, `${Number(text) + 1}`));
          done++;
        } catch (cause) {
          if (!(cause instanceof StaleRevision)) throw cause;
          conflicts.count++;
        }
      }
    }));
    await Promise.all([one.store.sync(), other.store.sync()]);
    assert.deepEqual([...one.documents.values()].map(({ text }) => text), ["100", "100", "100", "100"]);
    assert.deepEqual(other.seen, one.seen);
    assert.deepEqual(one.seen.map((line) => parseInt(line)), Array.from({ length: 400 }, (_, i) => i + 1));
    assert.ok(conflicts.count > 0, "the writers got in each other's way");
  });

  it("both get all their creates through, in one dense sequence, with large documents among them", async () => {
    await Promise.all([one, other].flatMap(({ store }, instance) =>
      Array.from({ length: 150 }, (_, i) => {
        const text = "x".repeat(i % 50 === 0 ? 150_000 : 10);
        return store.commit(change(`${instance}-${i}`, 0, text));
      })
    ));
    await Promise.all([one.store.sync(), other.store.sync()]);
    assert.equal(one.store.revision, 300);
    assert.deepEqual(other.seen, one.seen);
  });

  it("let exactly one of two creates of the same name succeed", async () => {
    for (let round = 0; round < 20; round++) {
      const results = await Promise.allSettled(
        [one, other].map(({ store }, i) => store.commit(change(`k${round}`, 0, `${i}`))),
      );
      assert.deepEqual(results.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
      const lost = results.find((result) => result.status === "rejected");
      assert.ok(lost?.reason instanceof StaleRevision);
    }
  });

  it("judge a change by what the other has acknowledged before", async () => {
    const first = await one.store.commit(change("a", 0, "1"));
    const second = await other.store.commit(change("a", first, "2"));
    await assert.rejects(one.store.commit(change("a", first, "x")), new StaleRevision("a", first, second));
    const third = await one.store.commit(change("a", second, "3"));
    assert.equal(await other.store.commit(change("a", third, "3", true)), 4);
    assert.equal(await one.store.commit(change("a", 0, "5")), 5);
  });

  it("see after sync() what the other has acknowledged", async () => {
    for (let i = 0; i < 20; i++) {
      const revision = await one.store.commit(change(`k${i}`, 0, `${i}`));
      await other.store.sync();
      assert.equal(other.store.revision, revision);
    }
    assert.deepEqual(other.seen, one.seen);
  });

  it("tell each other's changes to the follower without being asked", async () => {
    const told = other.reached(2);
    await one.store.commit(change("a", 0, "1"));
    await one.store.commit(change("a", 1, "2"));
    await told;
    assert.deepEqual(other.seen, ["1<0 a 1", "2<1 a 2"]);
  });

  it("take over each other's floor, and go on writing after it", async () => {
    await one.store.commit(change("a", 0, "1"));
    await one.store.commit(change("a", 1, "2"));
    await one.store.compact(2);
    assert.equal(await other.store.commit(change("a", 2, "3")), 3);
    assert.equal(other.store.floor, 2);
    await other.store.compact(3);
    await one.store.sync();
    assert.equal(one.store.floor, 3);
  });

  it("open right while the other writes, deletes and compacts", async () => {
    const stop = new AbortController();
    const writing = (async () => {
      for (let i = 0; !stop.signal.aborted; i++) {
        const key = `k${i % 7}`;
        const revision = await one.store.commit(change(key, one.documents.get(key)?.revision ?? 0, `${i}`));
        if (i % 3 === 0) await one.store.commit(change(key, revision, `${i}`, true));
        if (i % 10 === 0) await one.store.compact(one.store.revision);
      }
    })();
    try {
      for (let round = 0; round < 15; round++) {
        const late = await open(10 + round);
        const { revision, floor } = late.store;
        const seen = late.seen.slice();
        await late.store[Symbol.asyncDispose]();
        await one.store.sync();
        const past = one.seen.filter((line) => parseInt(line) <= revision);
        assert.deepEqual(alive(seen), alive(past));
        assert.deepEqual(after(floor, seen), after(floor, past));
      }
    } finally {
      stop.abort();
      await writing;
    }
  });
});

/** The last line of each document that was not deleted. */
function alive(seen: readonly string[]): string[] {
  const lines = new Map<string, string>();
  for (const line of seen) {
    const key = line.split(" ")[1] ?? "";
    if (line.includes("deleted")) lines.delete(key);
    else lines.set(key, line);
  }
  return [...lines.values()].toSorted();
}

function after(floor: Revision, seen: readonly string[]): string[] {
  return seen.filter((line) => parseInt(line) > floor);
}

describe("a store that a compaction of another one has left behind", () => {
  it("says so instead of skipping what it missed", async () => {
    await using directory = await temporaryDirectory();
    const open = async (unwatched: boolean) => {
      const kv = await Deno.openKv(join(directory.path, "kv.sqlite3"));
      const watch = () => new ReadableStream<never>();
      const seen = {
        get: kv.get.bind(kv),
        list: kv.list.bind(kv),
        atomic: kv.atomic.bind(kv),
        close: kv.close.bind(kv),
        watch,
      };
      const ports = { clock: systemClock, random: seededRandom(1), log: silentLog };
      return await openDenoKvStore({ kv: unwatched ? seen : kv, exclusive: false, ...ports });
    };
    await using behind = await open(true);
    await using ahead = await open(false);
    await ahead.commit(change("a", 0, "1"));
    await ahead.commit(change("a", 1, "2"));
    await ahead.compact(2);
    await assert.rejects(behind.sync(), (reason) => {
      assert.ok(reason instanceof StoreUnavailable);
      assert.match(reason.message, /revision 1 is missing.*left behind by a compaction.*restart it/);
      return true;
    });
    await assert.rejects(behind.commit(change("b", 0, "x")), StoreUnavailable);
    assert.equal(ahead.revision, 2);
  });
});
