import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { silentLog } from "@servicelet/shared/ports";
import { serve } from "./deno_serve.ts";
import { makePki } from "./tls/mod.ts";

const identity = await makePki({ names: ["localhost", "127.0.0.1"], now: Date.now(), log: silentLog });

function startServer(fetch: (request: Request) => Response | Promise<Response>) {
  const server = serve({ hostname: "127.0.0.1", port: 0, identity, fetch, log: silentLog });
  const client = Deno.createHttpClient({ caCerts: [identity.authority], http2: false });
  return {
    server,
    async post(body: string): Promise<string> {
      const init = { client, method: "POST", body };
      return await (await globalThis.fetch(`https://127.0.0.1:${server.port}/`, init)).text();
    },
    async [Symbol.asyncDispose]() {
      client.close();
      await server.stop(1000);
    },
  };
}

describe("a server over TLS", () => {
  it("answers 2.5 KB to a POST of 2 KB without waiting for an acknowledgement", async () => {
    const answer = "a".repeat(2500);
    await using site = startServer(async (request) => {
      await request.text();
      return new Response(answer);
    });
    await site.post("warm");
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      const start = performance.now();
      assert.equal((await site.post("b".repeat(2000))).length, 2500);
      times.push(performance.now() - start);
    }
    // Nagle's algorithm would make each of them 40 ms.
    const median = times.toSorted((a, b) => a - b)[7] ?? Infinity;
    assert.ok(median < 15, `the median was ${median} ms`);
  });

  it("says which port is taken", async () => {
    await using site = startServer(() => new Response("ok"));
    const again = () =>
      serve({
        hostname: "127.0.0.1",
        port: site.server.port,
        identity,
        fetch: () => new Response(),
        log: silentLog,
      });
    assert.throws(
      again,
      new RegExp(`Cannot listen on 127.0.0.1:${site.server.port}: another process has the port`),
    );
  });

  it("lets requests under way end when it stops, and cuts those that never end", async () => {
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    await using site = startServer(async () => {
      asked.resolve();
      await gate.promise;
      return new Response("done");
    });
    const answer = site.post("x");
    await asked.promise;
    const stopped = site.server.stop(5000);
    gate.resolve();
    assert.equal(await answer, "done");
    await stopped;
  });
});
