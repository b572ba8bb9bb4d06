/** What every store must do, whatever it is made of.
 *
 * @module
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { DOCUMENT_BYTES } from "./limits.ts";
import {
  type Change,
  DocumentTooLarge,
  type Revision,
  StaleRevision,
  type Store,
  StoreUnavailable,
  type Version,
} from "./store.ts";

/** A place where documents stay when a store is closed; disposing removes it. */
export interface StorePlace extends AsyncDisposable {
  /** Opens the store there. One at a time. */
  open(): Promise<Store>;
}

/** A change that writes `text` and the revision it gets, as `{"r":…,"t":"…"}`. */
export function change(key: string, expected: Revision, text: string, deleted = false): Change {
  return { key, expected, deleted, encode: (revision) => ({ bytes: document(revision, text) }) };
}

/** The bytes that {@link change} makes. */
export function document(revision: Revision, text: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ r: revision, t: text }));
}

/** A version as a short text: revision, previous revision, key, what it did, its content (long ones by length). */
export function told({ revision, previous, key, deleted, document }: Version): string {
  const { r, t } = JSON.parse(new TextDecoder().decode(document.bytes)) as { r: number; t: string };
  assert.equal(r, revision, "the document is stamped with its own revision");
  return `${revision}<${previous} ${key} ${deleted ? "deleted " : ""}${t.length > 40 ? t.length : t}`;
}

/** Registers the suite. `place` makes an empty place. */
export function storeConformance(name: string, place: () => Promise<StorePlace>): void {
  describe(`the store on ${name}`, () => {
    let under: StorePlace;
    let store: Store;
    let seen: string[];

    beforeEach(async () => {
      under = await place();
      await reopen();
    });
    afterEach(async () => {
      await store[Symbol.asyncDispose]();
      await under[Symbol.asyncDispose]();
    });

    async function reopen(): Promise<void> {
      await store?.[Symbol.asyncDispose]();
      store = await under.open();
      seen = [];
      await store.follow((version) => void seen.push(told(version)));
    }

    it("starts empty, at revision 0 and floor 0", () => {
      assert.deepEqual([store.revision, store.floor, seen], [0, 0, []]);
    });

    it("gives each change the next revision and tells the follower, with the revision it replaced", async () => {
      assert.equal(await store.commit(change("a", 0, "one")), 1);
      assert.equal(await store.commit(change("a", 1, "two")), 2);
      assert.equal(await store.commit(change("b", 0, "other")), 3);
      assert.equal(await store.commit(change("a", 2, "two", true)), 4);
      assert.equal(await store.commit(change("a", 0, "again")), 5);
      assert.deepEqual(seen, [
        "1<0 a one",
        "2<1 a two",
        "3<0 b other",
        "4<2 a deleted two",
        "5<0 a again",
      ]);
      assert.equal(store.revision, 5);
    });

    it("refuses what does not hold, says where the document is, and uses up no revision", async () => {
      await store.commit(change("a", 0, "one"));
      await assert.rejects(store.commit(change("a", 0, "x")), new StaleRevision("a", 0, 1));
      await assert.rejects(store.commit(change("a", 7, "x")), new StaleRevision("a", 7, 1));
      await assert.rejects(store.commit(change("none", 1, "x", true)), new StaleRevision("none", 1, 0));
      assert.equal(await store.commit(change("a", 1, "two", true)), 2);
      await assert.rejects(store.commit(change("a", 2, "x")), new StaleRevision("a", 2, 0));
      assert.equal(await store.commit(change("b", 0, "b")), 3);
    });

    it("lets a conflict hit its own document only, among changes made at once", async () => {
      await store.commit(change("a", 0, "one"));
      const results = await Promise.allSettled([
        store.commit(change("b", 0, "first")),
        store.commit(change("a", 0, "conflict")),
        store.commit(change("b", 0, "second")),
        store.commit(change("a", 1, "two")),
        store.commit(change("c", 0, "c")),
      ]);
      assert.deepEqual(results.map((r) => r.status === "fulfilled" ? r.value : `${r.reason}`), [
        2,
        `${new StaleRevision("a", 0, 1)}`,
        `${new StaleRevision("b", 0, 2)}`,
        3,
        4,
      ]);
      assert.deepEqual(seen.slice(1), ["2<0 b first", "3<1 a two", "4<0 c c"]);
    });

    it("passes on what goes wrong in one change to that change alone", async () => {
      const broken: Change = {
        ...change("a", 0, ""),
        encode() {
          throw new TypeError("no bytes");
        },
      };
      const [first, second] = await Promise.allSettled([
        store.commit(broken),
        store.commit(change("b", 0, "b")),
      ]);
      assert.match(`${first?.status === "rejected" && first.reason}`, /no bytes/);
      assert.deepEqual(second, { status: "fulfilled", value: 1 });
    });

    it("tells the follower before the promise of a commit resolves, in order", async () => {
      const order: string[] = [];
      await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          const revision = await store.commit(change(`k${i}`, 0, `${i}`));
          order.push(seen.some((line) => line.startsWith(`${revision}<`)) ? `${revision}` : "too early");
        }),
      );
      assert.deepEqual(order, Array.from({ length: 50 }, (_, i) => `${i + 1}`));
      assert.deepEqual(seen, Array.from({ length: 50 }, (_, i) => `${i + 1}<0 k${i} ${i}`));
    });

    it("loses no update of 32 writers on 4 documents", async () => {
      const counters = new Map<string, { revision: Revision; count: number }>();
      let conflicts = 0;
      await Promise.all(Array.from({ length: 32 }, async (_, writer) => {
        const key = `counter${writer % 4}`;
        for (let done = 0; done < 10;) {
          const { revision, count } = counters.get(key) ?? { revision: 0, count: 0 };
          try {
            const next = await store.commit(change(key, revision, `${count + 1}`));
            counters.set(key, { revision: next, count: count + 1 });
            done++;
          } catch (cause) {
            assert.ok(cause instanceof StaleRevision);
            conflicts++;
          }
        }
      }));
      assert.deepEqual([...counters.values()].map(({ count }) => count), [80, 80, 80, 80]);
      assert.equal(store.revision, 320);
      assert.ok(conflicts > 0, "the writers got in each other's way");
    });

    it("hands over the whole history in order when it is opened again, and goes on from there", async () => {
      await store.commit(change("a", 0, "one"));
      await store.commit(change("b", 0, "bee"));
      await store.commit(change("a", 1, "two"));
      await store.commit(change("b", 2, "bee", true));
      const before = seen;
      await reopen();
      assert.deepEqual(seen, before);
      assert.equal(store.revision, 4);
      await assert.rejects(store.commit(change("a", 1, "x")), new StaleRevision("a", 1, 3));
      assert.equal(await store.commit(change("b", 0, "back")), 5);
      assert.equal(await store.commit(change("a", 3, "three")), 6);
    });

    it("keeps documents of any size up to 1.5 MiB, over changes and reopening", async () => {
      const overhead = document(100, "").length;
      const sizes = [59_999, 61_440, 61_441, 100_000, 122_880, 700_000, DOCUMENT_BYTES];
      const texts = sizes.map((size, i) => String.fromCharCode(97 + i).repeat(size - overhead));
      await Promise.all(texts.map((text, i) => store.commit(change(`k${i}`, 0, text))));
      await store.commit(change("k6", 7, "small again"));
      await store.commit(change("k5", 6, texts[4] ?? ""));
      const before = seen;
      await store[Symbol.asyncDispose]();
      store = await under.open();
      const bytes: Uint8Array[] = [];
      seen = [];
      await store.follow((version) => {
        seen.push(told(version));
        bytes.push(version.document.bytes);
      });
      assert.deepEqual(seen, before);
      texts.forEach((text, i) => assert.deepEqual(bytes[i], document(i + 1, text)));
    });

    it("refuses a document above 1.5 MiB and writes the others", async () => {
      const [large, small] = await Promise.allSettled([
        store.commit(change("large", 0, "x".repeat(DOCUMENT_BYTES))),
        store.commit(change("small", 0, "x")),
      ]);
      assert.ok(large.status === "rejected" && large.reason instanceof DocumentTooLarge);
      assert.match(large.reason.message, /large: it must have at most 1572864 bytes, it has 15728\d\d/);
      assert.deepEqual(small, { status: "fulfilled", value: 1 });
    });

    it("writes 2,500 documents that come at once", async () => {
      const revisions = await Promise.all(
        Array.from({ length: 2_500 }, (_, i) => store.commit(change(`k${i}`, 0, "x".repeat(1_000)))),
      );
      assert.deepEqual(revisions, Array.from({ length: 2_500 }, (_, i) => i + 1));
      await reopen();
      assert.equal(seen.length, 2_500);
    });

    it("forgets what nobody can resume from, keeps the state before each event after the floor", async () => {
      await store.commit(change("a", 0, "1"));
      await store.commit(change("a", 1, "2"));
      await store.commit(change("gone", 0, "3"));
      await store.commit(change("gone", 3, "4", true));
      await store.commit(change("a", 2, "5"));
      await store.commit(change("b", 0, "6"));
      await store.commit(change("b", 6, "7", true));

      await store.compact(4);
      assert.equal(store.floor, 4);
      await reopen();
      assert.equal(store.floor, 4);
      assert.deepEqual(seen, ["2<1 a 2", "5<2 a 5", "6<0 b 6", "7<6 b deleted 7"]);

      await store.compact(7);
      await reopen();
      assert.deepEqual([store.floor, store.revision, seen], [7, 7, ["5<2 a 5"]]);
      assert.equal(await store.commit(change("gone", 0, "back")), 8);
      assert.equal(await store.commit(change("a", 5, "9")), 9);
    });

    it("never lowers the floor and refuses one above the last revision", async () => {
      await store.commit(change("a", 0, "1"));
      await store.commit(change("a", 1, "2"));
      await store.compact(2);
      await store.compact(1);
      assert.equal(store.floor, 2);
      await assert.rejects(store.compact(3), /floor must be at most 2, the last revision: it was 3/);
    });

    it("removes the parts of large documents when it forgets them", async () => {
      await store.commit(change("a", 0, "x".repeat(200_000)));
      await store.commit(change("a", 1, "y".repeat(300_000)));
      await store.commit(change("a", 2, "y".repeat(300_000), true));
      await store.commit(change("b", 0, "z".repeat(200_000)));
      await store.compact(4);
      await reopen();
      assert.deepEqual(seen, ["4<0 b 200000"]);
    });

    it("finishes the commits that wait when it is closed, and refuses later ones", async () => {
      const waiting = Array.from({ length: 10 }, (_, i) => store.commit(change(`k${i}`, 0, "x")));
      await store[Symbol.asyncDispose]();
      assert.equal((await Promise.all(waiting)).length, 10);
      await assert.rejects(store.commit(change("late", 0, "x")), StoreUnavailable);
      await assert.rejects(store.sync(), StoreUnavailable);
      await reopen();
      assert.equal(seen.length, 10);
    });
  });
}
