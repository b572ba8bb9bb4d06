import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import type { KubeList } from "@servicelet/shared/krm";
import { type CacheUnderTest, startCache, THINGS } from "../cache/testdata/cache.ts";
import { type ListRequest, listResponse } from "./list.ts";
import type { Listed } from "./list_options.ts";

const LISTED: Listed = {
  group: "acme.example",
  version: "v1",
  kind: "Thing",
  listKind: "ThingList",
  fields: { "spec.color": ({ spec }) => spec?.color ?? "" },
};

function respond(
  { cache }: CacheUnderTest,
  query: string,
  more: Partial<ListRequest> = {},
): Promise<Response> {
  return listResponse({
    cache,
    resource: LISTED,
    scope: { resource: THINGS },
    query: new URLSearchParams(query),
    ...more,
  });
}

async function list(site: CacheUnderTest, query: string, more: Partial<ListRequest> = {}): Promise<KubeList> {
  return await (await respond(site, query, more)).json();
}

function namesOf({ items }: KubeList): string[] {
  return items.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
}

async function startWith(...ids: string[]): Promise<CacheUnderTest> {
  const site = await startCache();
  for (const id of ids) await site.put(id);
  return site;
}

describe("the answer to a list", () => {
  it("is a list of the documents as they are stored, at the revision of the state", async () => {
    await using site = await startWith("a/2", "a/1");
    assert.deepEqual(await list(site, ""), {
      kind: "ThingList",
      apiVersion: "acme.example/v1",
      metadata: { resourceVersion: "2" },
      items: [
        {
          apiVersion: "acme.example/v1",
          kind: "Thing",
          metadata: { name: "1", namespace: "a", resourceVersion: "2" },
        },
        {
          apiVersion: "acme.example/v1",
          kind: "Thing",
          metadata: { name: "2", namespace: "a", resourceVersion: "1" },
        },
      ],
    });
  });

  it("has an empty array where nothing is there", async () => {
    await using site = await startWith();
    assert.deepEqual((await list(site, "")).items, []);
  });

  it("can be larger than any chunk, and shows one state however long it is read", async () => {
    await using site = await startWith();
    const data = "ü".repeat(1_000);
    for (let i = 0; i < 500; i++) await site.put(`a/${String(i).padStart(3, "0")}`, { spec: { data } });
    const response = await respond(site, "");
    await site.put("a/499", { spec: { data: "changed" } });
    await site.remove("a/498");
    const answer: KubeList = await response.json();
    assert.equal(answer.items.length, 500);
    assert(answer.items.every(({ spec }) => spec.data === data));
  });

  it("is narrowed by selectors and by its path", async () => {
    await using site = await startWith("a/1", "b/1", "b/2");
    await site.put("b/3", { labels: { tier: "web" }, spec: { color: "red" } });
    assert.deepEqual(namesOf(await list(site, "labelSelector=tier%3Dweb")), ["b/3"]);
    assert.deepEqual(namesOf(await list(site, "fieldSelector=spec.color%3Dred")), ["b/3"]);
    assert.deepEqual(namesOf(await list(site, "fieldSelector=metadata.name%3D1")), ["a/1", "b/1"]);
    const inB = { scope: { resource: THINGS, namespace: "b" } };
    assert.deepEqual(namesOf(await list(site, "labelSelector=!tier", inB)), ["b/1", "b/2"]);
  });

  it("is converted and projected on demand", async () => {
    await using site = await startWith("a/1");
    const convert: ListRequest["convert"] = ({ bytes }) =>
      new TextEncoder().encode(new TextDecoder().decode(bytes).replace("/v1", "/v2"));
    assert.equal((await list(site, "", { convert })).items[0]?.apiVersion, "acme.example/v2");
    const projection = {
      contentType: "text/plain",
      list: (documents: readonly { apiVersion: string; metadata: { name: string } }[], metadata: object) =>
        JSON.stringify([
          documents.map(({ apiVersion, metadata: { name } }) => `${apiVersion} ${name}`),
          metadata,
        ]),
      watch: () => () => ({}),
    };
    const response = await respond(site, "", { convert, projection });
    assert.equal(response.headers.get("content-type"), "text/plain");
    assert.deepEqual(await response.json(), [["acme.example/v2 1"], { resourceVersion: "1" }]);
  });
});

describe("a list in pages", () => {
  it("shows the state of its first page to the end, however it changes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 100, max: 130 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 7 }),
        async (names, limit) => {
          await using site = await startWith(...names.map((name) => `a/${name}`));
          const whole = await list(site, "");
          const items = [];
          let more = "";
          do {
            const page = await list(site, `limit=${limit}&continue=${more}`);
            assert.equal(page.metadata.resourceVersion, whole.metadata.resourceVersion);
            items.push(...page.items);
            assert.equal(page.metadata.remainingItemCount ?? 0, names.length - items.length);
            more = page.metadata.continue ?? "";
            await site.put(`a/${items[0]?.metadata.name}`, { spec: { color: "red" } });
            await site.put(`a/${100 + items.length}x`);
            if (site.cache.get(`${THINGS}/a/${names[0]}`)) await site.remove(`a/${names[0]}`);
          } while (more);
          assert.deepEqual(items, whole.items);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("does not count what remains where selectors choose", async () => {
    await using site = await startWith("a/1", "a/2");
    const page = await list(site, "limit=1&labelSelector=!x");
    assert(page.metadata.continue);
    assert.equal(page.metadata.remainingItemCount, undefined);
  });

  it("is Expired once its state is gone, with a token that goes on with the present state", async () => {
    await using site = await startWith("a/1", "a/2", "a/3");
    const { metadata } = await list(site, "limit=1");
    await site.remove("a/2");
    await site.put("a/4");
    site.cache.forget(4);
    const refused = await list(site, `limit=1&continue=${metadata.continue}`).catch((error) => error);
    assert.equal(refused.reason, "Expired");
    const rest = await list(site, `limit=5&continue=${refused.toStatus().metadata.continue}`);
    assert.deepEqual(namesOf(rest), ["a/3", "a/4"]);
    assert.equal(rest.metadata.resourceVersion, "5");
  });

  it("takes no token that was changed or made for another resource", async () => {
    await using site = await startWith("a/1", "a/2");
    const { metadata } = await list(site, "limit=1");
    const other = { scope: { resource: "acme.example/secrets" } };
    const bad = [
      "abc",
      "%",
      metadata.continue?.slice(0, -4),
      btoa('{"v":"meta.k8s.io/v1","rv":1,"start":"/secrets/a/1"}'),
    ];
    for (const token of bad) {
      await assert.rejects(list(site, `continue=${encodeURIComponent(token ?? "")}`), {
        reason: "BadRequest",
      });
    }
    await assert.rejects(list(site, `continue=${metadata.continue}`, other), { reason: "BadRequest" });
  });
});

describe("the state that a list shows", () => {
  it("is exactly the one asked for, from the history", async () => {
    await using site = await startWith("a/1", "a/2");
    await site.remove("a/1");
    const exact = await list(site, "resourceVersion=1&resourceVersionMatch=Exact");
    assert.deepEqual(namesOf(exact), ["a/1"]);
    assert.equal(exact.metadata.resourceVersion, "1");
    assert.deepEqual(namesOf(await list(site, "resourceVersion=2&limit=5")), ["a/1", "a/2"]);
    site.cache.forget(3);
    await assert.rejects(list(site, "resourceVersion=1&resourceVersionMatch=Exact"), { reason: "Expired" });
  });

  it("is the present one where any or a newer one will do, with all of it for 0", async () => {
    await using site = await startWith("a/1", "a/2");
    for (
      const query of [
        "resourceVersion=0&limit=1",
        "resourceVersion=1",
        "resourceVersion=1&limit=9&resourceVersionMatch=NotOlderThan",
      ]
    ) {
      const answer = await list(site, query);
      assert.deepEqual([answer.items.length, answer.metadata.resourceVersion], [2, "2"], query);
    }
  });

  it("is waited for where it is not there yet, for three seconds", async () => {
    await using site = await startWith("a/1");
    const coming = list(site, "resourceVersion=2");
    await site.put("a/2");
    assert.equal((await coming).items.length, 2);
    const refused = assert.rejects(list(site, "resourceVersion=9"), { reason: "Timeout" });
    await site.clock.advance(3_000);
    await refused;
  });
});

describe("a query that cannot be", () => {
  for (
    const [query, reason, text] of [
      ["resourceVersionMatch=Exact", "Invalid", "forbidden unless resourceVersion is provided"],
      ["resourceVersionMatch=Exact&resourceVersion=0", "Invalid", 'forbidden for resourceVersion "0"'],
      ["resourceVersionMatch=Newer&resourceVersion=1", "Invalid", 'Unsupported value: "Newer"'],
      [
        "resourceVersionMatch=NotOlderThan&resourceVersion=1&continue=x",
        "Invalid",
        "forbidden with continue",
      ],
      ["sendInitialEvents=true", "Invalid", "sendInitialEvents is forbidden for list"],
      ["resourceVersion=1&continue=x", "BadRequest", "not allowed when using continue"],
      ["resourceVersion=abc", "BadRequest", '"abc"'],
      ["limit=ten", "BadRequest", 'limit must be an integer: it was "ten"'],
      ["fieldSelector=spec.size%3D1", "BadRequest", "field label not supported: spec.size"],
      ["labelSelector=%3D%3D", "BadRequest", ""],
    ] as const
  ) {
    it(`is refused: ${query}`, async () => {
      await using site = await startWith();
      await assert.rejects(list(site, query), (error: Error & { reason?: string }) => {
        assert.equal(error.reason, reason);
        assert(error.message.includes(text), error.message);
        return true;
      });
    });
  }
});
