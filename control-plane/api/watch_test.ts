import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { parseFieldSelector, type WatchEvent } from "@servicelet/shared/krm";
import { seededRandom } from "@servicelet/shared/testing";
import { type CacheUnderTest, startCache, THINGS } from "../cache/testdata/cache.ts";
import type { Listed } from "./list_options.ts";
import { type WatchRequest, watchResponse } from "./watch.ts";
import { WatchStreams } from "./watch_streams.ts";

const LISTED: Listed = {
  group: "acme.example",
  version: "v1",
  kind: "Thing",
  listKind: "ThingList",
  fields: { "spec.color": ({ spec }) => spec?.color ?? "" },
};

interface Site extends CacheUnderTest {
  readonly streams: WatchStreams;
  open(query: string, more?: Partial<WatchRequest>): Promise<Reader>;
}

async function start(): Promise<Site> {
  const site = await startCache();
  const streams = new WatchStreams({
    clock: site.clock,
    random: seededRandom(1),
    limits: { queuedBytes: 100_000, patience: 30_000 },
  });
  return {
    ...site,
    streams,
    async open(query, more = {}) {
      const scope = { resource: THINGS };
      const options = {
        cache: site.cache,
        streams,
        resource: LISTED,
        scope,
        query: new URLSearchParams(query),
        ...more,
      };
      return new Reader(await watchResponse(options));
    },
    async [Symbol.asyncDispose]() {
      await streams[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    },
  };
}

/** Reads lines of a watch. */
class Reader {
  readonly #lines: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(readonly response: Response) {
    assert.equal(response.status, 200);
    assert(response.body);
    this.#lines = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next event; undefined at a clean end. */
  async next(): Promise<WatchEvent | undefined> {
    while (!this.#text.includes("\n")) {
      const { done, value } = await this.#lines.read();
      if (done) {
        assert.equal(this.#text, "");
        return undefined;
      }
      this.#text += value;
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return JSON.parse(line);
  }

  /** The next `count` events as text: `ADDED ns/name@revision`. */
  async take(count: number): Promise<string[]> {
    const events: string[] = [];
    for (let i = 0; i < count; i++) events.push(textOf(await this.next()));
    return events;
  }

  /** Every event until the end. */
  async rest(): Promise<string[]> {
    const events: string[] = [];
    for (let event = await this.next(); event; event = await this.next()) events.push(textOf(event));
    return events;
  }

  cancel(): Promise<void> {
    return this.#lines.cancel();
  }
}

function textOf(event: WatchEvent | undefined): string {
  if (!event) return "end";
  const { type, object: { metadata } } = event;
  const name = type === "BOOKMARK" ? "" : ` ${metadata.namespace}/${metadata.name}`;
  return `${type}${name}@${metadata.resourceVersion}`;
}

describe("a watch", () => {
  it("from a revision shows each change after it", async () => {
    await using site = await start();
    await site.put("a/1");
    await site.put("a/2");
    const watch = await site.open("resourceVersion=1");
    assert.equal(watch.response.headers.get("content-type"), "application/json");
    assert.equal(watch.response.headers.get("cache-control"), "no-cache, private, no-transform");
    assert.deepEqual(await watch.take(1), ["ADDED a/2@2"]);
    await site.put("a/1");
    await site.remove("a/2");
    assert.deepEqual(await watch.take(2), ["MODIFIED a/1@3", "DELETED a/2@4"]);
  });

  for (const query of ["", "resourceVersion=0"]) {
    it(`begins with what is there (${query || "no resourceVersion"})`, async () => {
      await using site = await start();
      await site.put("a/2");
      await site.put("a/1");
      const watch = await site.open(query);
      await site.put("a/3");
      assert.deepEqual(await watch.take(3), ["ADDED a/1@2", "ADDED a/2@1", "ADDED a/3@3"]);
    });
  }

  it("says with a bookmark where the initial documents end", async () => {
    await using site = await start();
    await site.put("a/1");
    const initial = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    for (const query of [initial, `${initial}&resourceVersion=0`, `${initial}&resourceVersion=1`]) {
      const watch = await site.open(query);
      assert.equal((await watch.next())?.type, "ADDED");
      assert.deepEqual(await watch.next(), {
        type: "BOOKMARK",
        object: {
          kind: "Thing",
          apiVersion: "acme.example/v1",
          metadata: { resourceVersion: "1", annotations: { "k8s.io/initial-events-end": "true" } },
        },
      });
    }
  });

  it("without initial events begins with what comes", async () => {
    await using site = await start();
    await site.put("a/1");
    const watch = await site.open("sendInitialEvents=false&resourceVersionMatch=NotOlderThan");
    await site.put("a/2");
    assert.deepEqual(await watch.take(1), ["ADDED a/2@2"]);
  });

  it("of everything assigned to a runtime shows all kinds in one order", async () => {
    await using site = await start();
    const scope = { resource: undefined, fields: parseFieldSelector("spec.serviceRuntimeName=site-1") };
    const watch = await site.open("", { scope });
    await site.put("a/1", { spec: { serviceRuntimeName: "site-1" } });
    await site.put("a/1", { spec: { serviceRuntimeName: "site-1" } }, "other.example/widgets");
    await site.put("a/2", { spec: { serviceRuntimeName: "site-2" } });
    await site.put("a/1", { spec: { serviceRuntimeName: "site-2" } });
    assert.deepEqual(await watch.take(3), ["ADDED a/1@1", "ADDED a/1@2", "DELETED a/1@4"]);
  });

  it("shows documents converted and projected on demand", async () => {
    await using site = await start();
    const watch = await site.open("allowWatchBookmarks=true", {
      convert: ({ bytes }) => new TextEncoder().encode(new TextDecoder().decode(bytes).replace("/v1", "/v2")),
      projection: {
        contentType: "application/json",
        list: () => "",
        watch() {
          let count = 0;
          return ({ apiVersion, metadata }) => ({
            apiVersion,
            count: ++count,
            metadata: { ...metadata } as never,
          });
        },
      },
    });
    await site.put("a/1");
    assert.deepEqual((await watch.next())?.object.apiVersion, "acme.example/v2");
    await site.clock.advance(10_000);
    const bookmark = await watch.next();
    assert.equal(bookmark?.type, "BOOKMARK");
    assert.equal(bookmark?.object["count"], 2);
  });
});

describe("a watch that cannot be served", () => {
  it("from before the floor gets Expired as an event, and then the end", async () => {
    await using site = await start();
    await site.put("a/1");
    await site.put("a/2");
    site.cache.forget(2);
    const watch = await site.open("resourceVersion=1");
    const event = await watch.next();
    assert.equal(event?.type, "ERROR");
    assert.equal(event.object["code"], 410);
    assert.equal(event.object["reason"], "Expired");
    assert.equal(await watch.next(), undefined);
    assert.equal(site.streams.size, 0);
  });

  it("from a revision of another history gets Expired after three seconds", async () => {
    await using site = await start();
    await site.put("a/1");
    const opening = site.open("resourceVersion=100");
    await site.clock.advance(3_000);
    assert.equal((await (await opening).next())?.object["reason"], "Expired");
  });

  for (
    const [query, reason, text] of [
      ["sendInitialEvents=true", "Invalid", "requires setting resourceVersionMatch to NotOlderThan"],
      ["sendInitialEvents=true&resourceVersionMatch=Exact", "Invalid", 'Unsupported value: "Exact"'],
      [
        "resourceVersionMatch=NotOlderThan",
        "Invalid",
        "forbidden for watch unless sendInitialEvents is provided",
      ],
      ["resourceVersion=1.5", "BadRequest", '"1.5"'],
      ["timeoutSeconds=soon", "BadRequest", "timeoutSeconds must be an integer"],
      ["fieldSelector=spec.size%3D1", "BadRequest", "field label not supported"],
    ] as const
  ) {
    it(`is refused: ${query}`, async () => {
      await using site = await start();
      await assert.rejects(site.open(query), (error: Error & { reason?: string }) => {
        assert.equal(error.reason, reason);
        assert(error.message.includes(text), error.message);
        return true;
      });
    });
  }
});

describe("the time of a watch", () => {
  it("brings a bookmark at least every ten seconds, only to those who asked", async () => {
    await using site = await start();
    const watch = await site.open("allowWatchBookmarks=true&timeoutSeconds=60");
    const plain = await site.open("timeoutSeconds=60");
    await site.put("x/1", {}, "other.example/widgets");
    await site.clock.advance(10_000);
    assert.deepEqual(await watch.take(1), ["BOOKMARK@1"]);
    await site.clock.advance(50_000);
    const bookmarks = await watch.rest();
    assert(bookmarks.length >= 5 && bookmarks.length <= 9, String(bookmarks));
    assert.deepEqual(await plain.rest(), []);
  });

  it("ends where the client says, after a bookmark, and nothing of it is left", async () => {
    await using site = await start();
    const watch = await site.open("allowWatchBookmarks=true&timeoutSeconds=3");
    await site.put("a/1");
    await site.clock.advance(4_000);
    const events = await watch.rest();
    assert.equal(events[0], "ADDED a/1@1");
    assert.equal(events.at(-1), "BOOKMARK@1");
    assert.equal(site.streams.size, 0);
    await site.clock.advance(1_000);
    assert.equal(site.clock.sleepers, 0);
  });

  it("is half an hour to an hour otherwise", async () => {
    await using site = await start();
    for (let i = 0; i < 5; i++) await site.open("resourceVersion=0");
    await site.clock.advance(29 * 60_000);
    assert.equal(site.streams.size, 5);
    await site.clock.advance(32 * 60_000);
    assert.equal(site.streams.size, 0);
  });

  it("takes one timer for all", async () => {
    await using site = await start();
    for (let i = 0; i < 20; i++) await site.open("allowWatchBookmarks=true");
    assert.equal(site.clock.sleepers, 1);
  });
});

describe("the end of a watch", () => {
  it("comes with its reader's: the state is released", async () => {
    await using site = await start();
    const watch = await site.open("");
    await site.put("a/1");
    await watch.take(1);
    await watch.cancel();
    assert.equal(site.streams.size, 0);
    await site.put("a/2");
  });

  it("comes to all at a shutdown, cleanly, also to those that are still opened", async () => {
    await using site = await start();
    await site.put("a/1");
    const watch = await site.open("resourceVersion=0");
    await watch.take(1);
    site.streams.closeAll();
    assert.deepEqual(await watch.rest(), []);
    assert.deepEqual(await (await site.open("resourceVersion=1")).rest(), []);
  });
});

const LARGE = { spec: { data: "x".repeat(10_000) } };

describe("a slow reader", () => {
  it("makes nothing wait for it but a bounded number of bytes, and misses nothing when it reads on", async () => {
    await using site = await start();
    let asked = 0;
    const watch = await site.open("resourceVersion=0", {
      convert({ bytes }) {
        asked++;
        return bytes;
      },
    });
    await site.clock.advance(0);
    for (let i = 0; i < 200; i++) await site.put("a/1", LARGE);
    assert(asked < 25, `it was asked for ${asked} events of 10 kB each`);
    const events = await watch.take(200);
    assert.deepEqual(events, [
      "ADDED a/1@1",
      ...Array.from({ length: 199 }, (_, i) => `MODIFIED a/1@${i + 2}`),
    ]);
    await site.put("a/2");
    assert.deepEqual(await watch.take(1), ["ADDED a/2@201"]);
  });

  it("is told Expired when the history it needs is gone", async () => {
    await using site = await start();
    const watch = await site.open("resourceVersion=0");
    await site.clock.advance(0);
    for (let i = 0; i < 100; i++) await site.put("a/1", LARGE);
    site.cache.forget(90);
    const events: (WatchEvent | undefined)[] = [];
    do events.push(await watch.next()); while (events.at(-1)?.type !== "ERROR");
    assert.equal(events.at(-1)?.object["reason"], "Expired");
    assert(events.length < 40);
  });

  it("is cut off when it takes nothing for half a minute, and nothing of it is left", async () => {
    await using site = await start();
    const response = await watchResponse({
      cache: site.cache,
      streams: site.streams,
      resource: LISTED,
      scope: { resource: THINGS },
      query: new URLSearchParams("resourceVersion=0"),
    });
    await site.clock.advance(0);
    for (let i = 0; i < 50; i++) await site.put("a/1", LARGE);
    await site.clock.advance(20_000);
    assert.equal(site.streams.size, 1);
    await site.clock.advance(12_000);
    assert.equal(site.streams.size, 0);
    await assert.rejects(response.text(), /takes nothing/);
  });
});

describe("any watch", () => {
  it("cut at any place and resumed shows each change exactly once, in order, whatever the pace of its reader", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ writes: fc.nat(12), reads: fc.nat(12), cut: fc.boolean() }), { maxLength: 12 }),
        async (rounds) => {
          await using site = await start();
          let written = 0, read = 0;
          let watch = await site.open("resourceVersion=0");
          const readOne = async () =>
            assert.equal((await watch.next())?.object.metadata.resourceVersion, String(++read));
          await site.put("a/1", LARGE);
          written++;
          await readOne();
          for (const { writes, reads, cut } of rounds) {
            for (let i = 0; i < writes; i++, written++) await site.put("a/1", LARGE);
            for (let i = 0; i < reads && read < written; i++) await readOne();
            if (cut) {
              await watch.cancel();
              watch = await site.open(`resourceVersion=${read}`);
            }
          }
          while (read < written) await readOne();
        },
      ),
      { numRuns: 50 },
    );
  });
});
