import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { StatusError, type WatchEvent } from "../krm/mod.ts";
import { type FakeClock, fakeClock, seededRandom } from "../testing/mod.ts";
import { createClient, follow, type FollowEvent, type Transport, Unreachable } from "./mod.ts";

const PATH = "/api/v1/namespaces/default/configmaps";

describe("a client", () => {
  it("sends its token, the query and the document, and answers the server's document", async () => {
    const seen: Request[] = [];
    const client = clientOf((url, init) => {
      seen.push(new Request(url, init));
      return Response.json(configMap("a", 1), { status: 201 });
    }, { token: "secret" });
    const made = await client.create(PATH, configMap("a", 0), { query: { fieldManager: "me" } });
    equal(made.metadata.resourceVersion, "1");
    equal(seen[0]?.url, `http://server${PATH}?fieldManager=me`);
    equal(seen[0]?.headers.get("authorization"), "Bearer secret");
    equal((await seen[0]?.json()).metadata.name, "a");
  });

  it("names the type of a patch", async () => {
    const types: unknown[] = [];
    const client = clientOf((_, init) => {
      types.push(new Headers(init.headers).get("content-type"));
      return Response.json(configMap("a", 1));
    });
    await client.patch(`${PATH}/a`, "merge", {});
    await client.patch(`${PATH}/a`, "json", []);
    deepEqual(types, ["application/merge-patch+json", "application/json-patch+json"]);
  });

  it("throws the StatusError that the server meant, with its details", async () => {
    const refusal = new StatusError("Conflict", "the document was changed", { details: { name: "a" } });
    const client = clientOf(() => Response.json(refusal.toStatus(), { status: 409 }));
    await rejects(client.get(`${PATH}/a`), (error) => {
      ok(error instanceof StatusError);
      deepEqual([error.reason, error.message, error.details.name], [
        "Conflict",
        "the document was changed",
        "a",
      ]);
      return true;
    });
  });

  it("throws Unreachable with its cause where no answer came, or one of something else", async () => {
    const refused = clientOf(() => Promise.reject(new TypeError("connection refused")));
    await rejects(
      refused.get(PATH),
      (error) => error instanceof Unreachable && error.cause instanceof TypeError,
    );
    const proxy = clientOf(() => new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
    await rejects(proxy.get(PATH), /Cannot reach .*answered 502 Bad Gateway without a Status/);
    const cut = clientOf(() => new Response('{"kind":'));
    await rejects(cut.get(PATH), Unreachable);
  });

  it("gives up after ten seconds without an answer", async () => {
    const clock = fakeClock();
    const client = clientOf((_, init) =>
      new Promise((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      }), { clock });
    const failed = rejects(client.get(PATH), /no answer within 10 s/);
    await clock.advance(10_000);
    await failed;
  });
});

describe("a watch", () => {
  it("puts lines together that come in pieces", async () => {
    const text = line("ADDED", configMap("ä", 1)) + line("MODIFIED", configMap("ä", 2));
    const bytes = new TextEncoder().encode(text);
    for (let cut = 1; cut < bytes.length; cut += 7) {
      const client = clientOf(() => streamOf([bytes.subarray(0, cut), bytes.subarray(cut)]));
      const events = await Array.fromAsync(client.watch({ path: PATH }));
      deepEqual(events.map(({ type, object }) => [type, object.metadata.name]), [["ADDED", "ä"], [
        "MODIFIED",
        "ä",
      ]]);
    }
  });

  it("throws the error that the server sends in the stream", async () => {
    const expired = new StatusError("Expired", "too old").toStatus();
    const client = clientOf(() =>
      streamOf([new TextEncoder().encode(`{"type":"ERROR","object":${JSON.stringify(expired)}}\n`)])
    );
    await rejects(
      Array.fromAsync(client.watch({ path: PATH })),
      (error) => (error as StatusError).reason === "Expired",
    );
  });

  it("is dead after 30 s without a byte, not before", async () => {
    const clock = fakeClock();
    const server = liveStream();
    const client = clientOf(() => server.response, { clock });
    const events: string[] = [];
    const dead = rejects(async () => {
      for await (const { type } of client.watch({ path: PATH })) events.push(type);
    }, /nothing came on the watch for 30 s/);
    await clock.advance(29_000);
    server.send("BOOKMARK", configMap("", 5));
    await clock.advance(29_000);
    deepEqual(events, ["BOOKMARK"]);
    await clock.advance(2_000);
    await dead;
    ok(server.cancelled());
  });

  it("ends with the signal's reason and lets the stream go", async () => {
    const server = liveStream();
    const client = clientOf(() => server.response);
    const controller = new AbortController();
    const events = client.watch({ path: PATH, signal: controller.signal });
    server.send("ADDED", configMap("a", 1));
    equal((await events.next()).value?.type, "ADDED");
    const next = rejects(events.next(), /enough/);
    controller.abort(new Error("enough"));
    await next;
    ok(server.cancelled());
  });
});

describe("following a collection", () => {
  it("begins with a complete view, and resumes after the last event when the connection breaks", async () => {
    const story = followed([
      () =>
        linesOf(
          ["ADDED", configMap("a", 1)],
          ["BOOKMARK", bookmark(3, true)],
          ["ADDED", configMap("b", 4)],
        ),
      () => linesOf(["DELETED", configMap("a", 5)], ["BOOKMARK", bookmark(9)]),
    ]);
    deepEqual(await story.events(6), [
      "begin",
      "document a",
      "complete 3",
      "document b",
      "gone a",
      "progress 9",
    ]);
    deepEqual(story.since(), [undefined, "4"]);
  });

  it("takes a complete view where the server has forgotten, at once", async () => {
    const story = followed([
      () => Response.json(new StatusError("Expired", "too old").toStatus(), { status: 410 }),
      () => linesOf(["BOOKMARK", bookmark(9, true)]),
    ], { resourceVersion: "2" });
    deepEqual(await story.events(2), ["begin", "complete 9"]);
    deepEqual(story.since(), ["2", undefined]);
  });

  it("takes a complete view where the server is not the same, before handing anything over", async () => {
    const story = followed([
      () => linesOf(["DELETED", configMap("a", 5)]),
      () => linesOf(["BOOKMARK", bookmark(9, true)]),
    ], { resourceVersion: "2", verify: () => Promise.resolve(false) });
    deepEqual(await story.events(2), ["begin", "complete 9"]);
  });

  it("waits at most 1.6 s between attempts, and begins the view again that broke off", async () => {
    const waits: number[] = [];
    const story = followed([
      () => linesOf(["ADDED", configMap("a", 1)]),
      ...Array.from({ length: 12 }, () => () => Promise.reject(new TypeError("refused"))),
      () => linesOf(["ADDED", configMap("a", 1)], ["BOOKMARK", bookmark(3, true)]),
    ], { failed: (_, ms) => waits.push(ms) });
    deepEqual(await story.events(5), ["begin", "document a", "begin", "document a", "complete 3"]);
    equal(waits.length, 12);
    ok(waits.every((ms) => ms > 0 && ms <= 1_600));
    ok(waits.at(-1)! >= 800);
  });
});

interface FollowStory {
  readonly resourceVersion?: string;
  readonly verify?: () => Promise<boolean>;
  readonly failed?: (error: unknown, ms: number) => void;
}

/** Follows a server that answers each connection by the next of `answers`. */
function followed(answers: (() => Response | Promise<Response>)[], options: FollowStory = {}) {
  const clock = fakeClock();
  const since: (string | undefined)[] = [];
  const client = clientOf((url) => {
    since.push(new URL(url).searchParams.get("resourceVersion") ?? undefined);
    return answers.shift()?.() ?? liveStream().response;
  }, { clock });
  const controller = new AbortController();
  return {
    since: () => since,
    async events(count: number): Promise<string[]> {
      const told: string[] = [];
      const done = (async () => {
        for await (const event of follow(client, { path: PATH, signal: controller.signal, ...options })) {
          told.push(describeEvent(event));
          if (told.length === count) return;
        }
      })();
      let ended = false;
      done.finally(() => ended = true);
      while (!ended) await clock.advance(100);
      controller.abort(new Error("the story ended"));
      return told;
    },
  };
}

function describeEvent(event: FollowEvent): string {
  if (event.type === "begin") return "begin";
  return event.type === "document" || event.type === "gone"
    ? `${event.type} ${event.object.metadata.name}`
    : `${event.type} ${event.resourceVersion}`;
}

function clientOf(
  transport: Transport,
  { clock = fakeClock(), ...more }: { clock?: FakeClock; token?: string } = {},
) {
  return createClient({ server: "http://server/", transport, clock, random: seededRandom(3), ...more });
}

function configMap(name: string, revision: number) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, resourceVersion: String(revision) } };
}

function bookmark(revision: number, initialEventsEnd = false) {
  const { metadata, ...rest } = configMap("", revision);
  const annotations = { "k8s.io/initial-events-end": "true" };
  return { ...rest, metadata: { ...metadata, ...(initialEventsEnd ? { annotations } : {}) } };
}

function line(type: WatchEvent["type"], object: WatchEvent["object"]): string {
  return JSON.stringify({ type, object }) + "\n";
}

function linesOf(...events: [WatchEvent["type"], WatchEvent["object"]][]): Response {
  return streamOf([new TextEncoder().encode(events.map((event) => line(...event)).join(""))]);
}

function streamOf(chunks: Uint8Array<ArrayBuffer>[]): Response {
  return new Response(ReadableStream.from(chunks));
}

/** A watch that stays open. */
function liveStream() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: () => void (cancelled = true),
  });
  return {
    response: new Response(body),
    send: (type: WatchEvent["type"], object: WatchEvent["object"]) =>
      controller.enqueue(new TextEncoder().encode(line(type, object))),
    cancelled: () => cancelled,
  };
}
