import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { type KubeObject, parseFieldSelector, parseLabelSelector, StatusError } from "@servicelet/shared/krm";
import type { Log } from "@servicelet/shared/ports";
import { memoryDisk } from "../store/mod.ts";
import type { CacheEvent, Scope } from "./mod.ts";
import { type CacheUnderTest, startCache, THINGS } from "./testdata/cache.ts";

const ALL: Scope = { resource: THINGS };

function objectOf({ bytes }: { readonly bytes: Uint8Array }): KubeObject {
  return JSON.parse(new TextDecoder().decode(bytes));
}

function idsOf(documents: Iterable<{ readonly key: string }> = []): string[] {
  return Array.from(documents, ({ key }) => key.slice(THINGS.length + 1));
}

/** Events of a watch as text: `ADDED ns/name@revision`. */
function record({ cache }: CacheUnderTest, scope: Scope, since: number) {
  const events: string[] = [];
  const handle = cache.watch(scope, since, (event) => {
    assert.equal(objectOf(event).metadata.resourceVersion, String(event.revision));
    assert.deepEqual(JSON.parse(new TextDecoder().decode(event.line())), {
      type: event.type,
      object: objectOf(event),
    });
    events.push(`${event.type} ${event.key.slice(THINGS.length + 1)}@${event.revision}`);
    return true;
  });
  return { events, ...handle };
}

describe("a list", () => {
  it("has the documents of its scope in order of their keys, each as it is now", async () => {
    await using site = await startCache();
    for (const id of ["b/1", "a/2", "a/1", "ab/1"]) await site.put(id);
    await site.put("a/1", { spec: { color: "red" } });
    await site.remove("b/1");
    assert.deepEqual(idsOf(site.cache.list(ALL)), ["a/1", "a/2", "ab/1"]);
    assert.deepEqual(idsOf(site.cache.list({ ...ALL, namespace: "a" })), ["a/1", "a/2"]);
    assert.deepEqual(idsOf(site.cache.list({ ...ALL, namespace: "a" }, `${THINGS}/a/1`)), ["a/2"]);
    assert.deepEqual(idsOf(site.cache.list({ ...ALL, name: "1" })), ["a/1", "ab/1"]);
    assert.deepEqual(idsOf(site.cache.list({ ...ALL, name: "1", namespace: "ab" })), ["ab/1"]);
    assert.deepEqual(idsOf(site.cache.list({ resource: "acme.example/thing" })), []);
  });

  it("keeps showing the state in which it was asked for while documents change", async () => {
    await using site = await startCache();
    for (const id of ["a/1", "a/2", "a/3"]) await site.put(id);
    const documents = site.cache.list(ALL)[Symbol.iterator]();
    assert.equal(documents.next().value?.revision, 1);
    await site.remove("a/2");
    await site.put("a/3");
    await site.put("a/0");
    assert.deepEqual([documents.next().value?.revision, documents.next().value?.revision], [2, 3]);
    assert.equal(documents.next().done, true);
  });

  it("selects by labels and fields, also of documents that were loaded from the store", async () => {
    const disk = memoryDisk();
    await using before = await startCache({ disk });
    await before.put("a/1", { labels: { tier: "web" }, spec: { color: "red" } });
    await before.put("a/2", { labels: { tier: "db" }, spec: { color: "red" } });
    await before.put("a/3", { spec: { color: "blue" } });
    await using site = await startCache({ disk });
    for (const { cache } of [before, site]) {
      assert.deepEqual(idsOf(cache.list({ ...ALL, labels: parseLabelSelector("tier=web") })), ["a/1"]);
      assert.deepEqual(idsOf(cache.list({ ...ALL, labels: parseLabelSelector("!tier") })), ["a/3"]);
      assert.deepEqual(idsOf(cache.list({ ...ALL, fields: parseFieldSelector("spec.color=red") })), [
        "a/1",
        "a/2",
      ]);
      assert.deepEqual(idsOf(cache.list({ ...ALL, fields: parseFieldSelector("metadata.name!=2") })), [
        "a/1",
        "a/3",
      ]);
    }
  });

  it("finds what is assigned to a runtime among all kinds", async () => {
    await using site = await startCache();
    const assigned: Scope = {
      resource: undefined,
      fields: parseFieldSelector("spec.serviceRuntimeName=site-1"),
    };
    await site.put("a/1", { spec: { serviceRuntimeName: "site-1" } });
    await site.put("a/2", { spec: { serviceRuntimeName: "site-2" } });
    assert.deepEqual(Array.from(site.cache.list(assigned), ({ revision }) => revision), [1]);
    await site.put("a/1", { spec: { serviceRuntimeName: "site-1" } }, "other.example/widgets");
    await site.put("a/2", { spec: { serviceRuntimeName: "site-1" } });
    await site.put("a/1", { spec: { serviceRuntimeName: "site-2" } });
    assert.deepEqual(Array.from(site.cache.list(assigned), ({ revision }) => revision), [4, 3]);
    assert.deepEqual(Array.from(site.cache.listAt(assigned, 3) ?? [], ({ revision }) => revision), [1, 3]);
    await site.remove("a/2");
    assert.deepEqual(Array.from(site.cache.list(assigned), ({ revision }) => revision), [3]);
  });
});

describe("a watch", () => {
  it("sees a document enter and leave its selection, with the state before and the revision of leaving", async () => {
    await using site = await startCache();
    const red = record(site, { ...ALL, fields: parseFieldSelector("spec.color=red") }, 0);
    const web = record(site, { ...ALL, labels: parseLabelSelector("tier in (web,api)") }, 0);
    await site.put("a/1", { spec: { color: "blue" }, labels: { tier: "web" } });
    await site.put("a/1", { spec: { color: "red" }, labels: { tier: "api" } });
    await site.put("a/1", { spec: { color: "red" } });
    await site.put("a/1", { spec: { color: "green" } });
    await site.remove("a/1");
    assert.deepEqual(red.events, ["ADDED a/1@2", "MODIFIED a/1@3", "DELETED a/1@4"]);
    assert.deepEqual(web.events, ["ADDED a/1@1", "MODIFIED a/1@2", "DELETED a/1@3"]);
  });

  it("is not called for what it does not select, nor after it was stopped", async () => {
    await using site = await startCache();
    const scopes: Scope[] = [
      { ...ALL, name: "1", namespace: "a" },
      { ...ALL, name: "1" },
      { ...ALL, namespace: "a" },
      { ...ALL, labels: parseLabelSelector("tier=web") },
      { resource: undefined, fields: parseFieldSelector("spec.serviceRuntimeName=site-1") },
    ];
    const watches = scopes.map((scope) => record(site, scope, 0));
    await site.put("b/2", { labels: { tier: "db" }, spec: { serviceRuntimeName: "site-2" } });
    assert.deepEqual(watches.map(({ events }) => events.length), [0, 0, 0, 0, 0]);
    await site.put("a/1", { labels: { tier: "web" }, spec: { serviceRuntimeName: "site-1" } });
    assert.deepEqual(watches.map(({ events }) => events), scopes.map(() => ["ADDED a/1@2"]));
    for (const watch of watches) watch.stop();
    await site.remove("a/1");
    assert.deepEqual(watches.map(({ events }) => events.length), [1, 1, 1, 1, 1]);
  });

  it("shares the bytes of a line with every other watch", async () => {
    await using site = await startCache();
    const lines: Uint8Array[] = [];
    for (let i = 0; i < 2; i++) {
      site.cache.watch(ALL, 0, (event) => {
        lines.push(event.line());
        return true;
      });
    }
    await site.put("a/1");
    assert.equal(lines[0], lines[1]);
  });

  it("sees the same order as every other, also when one writes or opens a watch while it is called", async () => {
    await using site = await startCache();
    const late: { events: string[] }[] = [];
    const first = record(site, ALL, 0);
    site.cache.watch(ALL, 0, ({ revision }) => {
      late.push(record(site, ALL, revision - 1));
      if (revision === 1) void site.put("a/2");
      return true;
    });
    const last = record(site, ALL, 0);
    await site.put("a/1");
    await site.put("a/3");
    assert.deepEqual(first.events, ["ADDED a/1@1", "ADDED a/2@2", "ADDED a/3@3"]);
    assert.deepEqual(last.events, first.events);
    assert.deepEqual(late.map(({ events }) => events), [
      first.events,
      first.events.slice(1),
      first.events.slice(2),
    ]);
  });

  it("is dropped when it throws or takes no more, and the others go on", async () => {
    const errors: string[] = [];
    const log: Log = { info() {}, warn() {}, error: (message) => errors.push(message) };
    await using site = await startCache({ log });
    let calls = 0;
    site.cache.watch(ALL, 0, () => {
      calls++;
      throw new Error("out of order");
    });
    site.cache.watch(ALL, 0, () => {
      calls++;
      return false;
    });
    const other = record(site, ALL, 0);
    await site.put("a/1");
    await site.put("a/2");
    assert.equal(calls, 2);
    assert.equal(other.events.length, 2);
    assert.equal(errors.length, 1);
  });

  it("is refused as Expired before the floor, and resumes at it", async () => {
    await using site = await startCache();
    for (const id of ["a/1", "a/2", "a/3"]) await site.put(id);
    site.cache.forget(2);
    assert.throws(() => site.cache.watch(ALL, 1, () => true), { name: "StatusError", reason: "Expired" });
    assert.deepEqual(record(site, ALL, 2).events, ["ADDED a/3@3"]);
    assert.equal(site.cache.listAt(ALL, 1), undefined);
    assert.deepEqual(idsOf(site.cache.listAt(ALL, 2)), ["a/1", "a/2"]);
  });

  it("resumes exactly after a restart, from what the store kept", async () => {
    const disk = memoryDisk();
    await using before = await startCache({ disk });
    await before.put("a/1", { spec: { color: "red" } });
    await before.put("a/2");
    await before.store.compact(2);
    await before.put("a/1", { spec: { color: "blue" } });
    await before.remove("a/2");
    await using after = await startCache({ disk });
    assert.equal(after.cache.floor, 2);
    assert.equal(after.cache.revision, 4);
    const red: Scope = { ...ALL, fields: parseFieldSelector("spec.color=red") };
    assert.deepEqual(record(after, red, 2).events, ["DELETED a/1@3"]);
    assert.deepEqual(record(after, ALL, 2).events, ["MODIFIED a/1@3", "DELETED a/2@4"]);
    assert.throws(() => record(after, ALL, 1), { reason: "Expired" });
  });
});

describe("waiting for a revision", () => {
  it("ends when it is there", async () => {
    await using site = await startCache();
    const waiting = site.cache.waitFor(2);
    await site.put("a/1");
    await site.put("a/2");
    await waiting;
    assert.equal(site.clock.sleepers, 0);
  });

  it("ends after three seconds with Timeout, which tells the client to try again", async () => {
    await using site = await startCache();
    const refused = assert.rejects(site.cache.waitFor(7), (error: unknown) => {
      assert(error instanceof StatusError);
      assert.equal(error.reason, "Timeout");
      assert.equal(error.details.causes?.[0]?.reason, "ResourceVersionTooLarge");
      return true;
    });
    await site.clock.advance(3_000);
    await refused;
  });
});

/** One thing that happens to documents. */
const step = fc.record({
  id: fc.constantFrom("a/1", "a/2", "b/1", "b/2", "b/3"),
  color: fc.constantFrom("red", "blue", undefined),
  runtime: fc.constantFrom("site-1", "site-2", undefined),
  tier: fc.constantFrom("web", "db", undefined),
});

const scope = fc.constantFrom<Scope>(
  ALL,
  { ...ALL, namespace: "b" },
  { ...ALL, name: "1" },
  { ...ALL, name: "1", namespace: "a" },
  { ...ALL, fields: parseFieldSelector("metadata.name=2") },
  { ...ALL, fields: parseFieldSelector("spec.color=red") },
  { ...ALL, fields: parseFieldSelector("spec.color!=red"), namespace: "a" },
  { ...ALL, labels: parseLabelSelector("tier=web") },
  { ...ALL, labels: parseLabelSelector("tier!=web") },
  { resource: undefined, fields: parseFieldSelector("spec.serviceRuntimeName=site-1") },
  { resource: undefined, fields: parseFieldSelector("spec.serviceRuntimeName=") },
);

/** Writes or removes, by chance. A step without any value removes. */
async function take(
  site: CacheUnderTest,
  { id, color, runtime, tier }: (typeof step) extends fc.Arbitrary<infer S> ? S : never,
) {
  if (color || runtime || tier) {
    const spec = { ...(color ? { color } : {}), ...(runtime ? { serviceRuntimeName: runtime } : {}) };
    await site.put(id, { spec, ...(tier ? { labels: { tier } } : {}) });
  } else if (site.cache.get(`${THINGS}/${id}`)) {
    await site.remove(id);
  }
}

/** What a client knows that applies events to what it listed. */
class ClientState {
  readonly documents = new Map<string, number>();
  revision = 0;

  constructor(site: CacheUnderTest, scope: Scope) {
    for (const { key, revision } of site.cache.list(scope)) this.documents.set(key, revision);
    this.revision = site.cache.revision;
  }

  apply({ type, key, revision }: CacheEvent): boolean {
    assert(revision > this.revision, "each change once, in order");
    assert.equal(this.documents.has(key), type !== "ADDED", `${type} ${key}`);
    if (type === "DELETED") this.documents.delete(key);
    else this.documents.set(key, revision);
    this.revision = revision;
    return true;
  }
}

function stateOf(documents: Iterable<{ readonly key: string; readonly revision: number }>) {
  return Array.from(documents, ({ key, revision }) => [key, revision]);
}

describe("any client that lists and then watches", () => {
  it("knows the state, wherever its watch is cut and resumed", async () => {
    await fc.assert(
      fc.asyncProperty(
        scope,
        fc.array(step, { maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 6 }),
        fc.nat(40),
        async (scope, steps, cuts, start) => {
          await using site = await startCache();
          for (const one of steps.slice(0, start)) await take(site, one);
          const client = new ClientState(site, scope);
          let watch = site.cache.watch(scope, client.revision, (event) => client.apply(event));
          for (const [i, one] of steps.slice(start).entries()) {
            if (cuts.includes(i)) watch.stop();
            await take(site, one);
            if (cuts.includes(i + 2)) {
              watch.stop();
              watch = site.cache.watch(scope, client.revision, (event) => client.apply(event));
            }
          }
          watch.stop();
          site.cache.watch(scope, client.revision, (event) => client.apply(event));
          const known = [...client.documents].sort(([a], [b]) => a < b ? -1 : 1);
          assert.deepEqual(known, stateOf(site.cache.list(scope)));
        },
      ),
    );
  });

  it("is shown every past state as it was", async () => {
    await fc.assert(
      fc.asyncProperty(scope, fc.array(step, { maxLength: 25 }), fc.nat(25), async (scope, steps, floor) => {
        await using site = await startCache();
        const states = new Map([[0, stateOf(site.cache.list(scope))]]);
        for (const one of steps) {
          await take(site, one);
          states.set(site.cache.revision, stateOf(site.cache.list(scope)));
        }
        site.cache.forget(floor);
        for (const [revision, state] of states) {
          const past = site.cache.listAt(scope, revision);
          if (revision < site.cache.floor) assert.equal(past, undefined);
          else assert.deepEqual(stateOf(past ?? []), state, `at ${revision}`);
        }
      }),
    );
  });
});
