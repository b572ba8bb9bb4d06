import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import { discoveryRoutes } from "./discovery.ts";
import { compareVersions } from "./discovery_groups.ts";
import { growingRegistry } from "./testdata/registry.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

describe("discovery", () => {
  it("tells groups, versions and resources one by one, with a slash at the end or without", async () => {
    const app = discoveryRoutes({ registry: growingRegistry() });
    const get = async (path: string) => (await app.request(path)).json();
    assert.deepEqual((await get("/api")).versions, ["v1"]);
    assert.deepEqual((await get("/apis/")).groups.map(({ name }: { name: string }) => name), [
      "coordination.k8s.io",
      "runtimes.servicelet.dev",
      "servicelet.dev",
    ]);
    assert.equal(
      (await get("/apis/servicelet.dev/")).preferredVersion.groupVersion,
      "servicelet.dev/v1alpha1",
    );
    const list = await get("/apis/servicelet.dev/v1alpha1");
    assert.equal(list.groupVersion, "servicelet.dev/v1alpha1");
    assert.deepEqual(list.resources.map(({ name }: { name: string }) => name), [
      "serviceruntimes",
      "serviceruntimes/status",
    ]);
    const core = await get("/api/v1/");
    assert.equal(core.groupVersion, "v1");
    // The hash that kube-apiserver gives for the same kind and version.
    const configMaps = core.resources.find(({ name }: { name: string }) => name === "configmaps");
    assert.equal(configMaps.storageVersionHash, "qFsyl6wFWjQ=");
  });

  it("tells everything at once to a client that accepts it, and nothing to one that has it", async () => {
    const registry = growingRegistry();
    const app = discoveryRoutes({ registry });
    const ask = (headers: Record<string, string> = {}) =>
      app.request("/apis", { headers: { accept: AGGREGATED, ...headers } });
    const answer = await ask();
    assert.equal(
      answer.headers.get("content-type"),
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    );
    const { kind, items } = await answer.json();
    assert.equal(kind, "APIGroupDiscoveryList");
    const runtimes = items.find(({ metadata }: { metadata: { name: string } }) =>
      metadata.name === "servicelet.dev"
    );
    assert.equal(runtimes.versions[0].resources[0].subresources[0].subresource, "status");

    const tag = answer.headers.get("etag") ?? "";
    assert.equal((await ask({ "if-none-match": tag })).status, 304);
    const [first] = registry.all();
    registry.add({ ...first!, group: "acme.example" });
    assert.equal((await ask({ "if-none-match": tag })).status, 200);
  });

  it("keeps the core group apart", async () => {
    const app = discoveryRoutes({ registry: growingRegistry() });
    const { items } = await (await app.request("/api", { headers: { accept: AGGREGATED } })).json();
    assert.equal(items.length, 1);
    assert.equal(items[0].metadata.name, undefined);
  });

  it("does not answer for groups that are not served", async () => {
    const app = discoveryRoutes({ registry: growingRegistry() });
    for (const path of ["/apis/none.example", "/apis/servicelet.dev/v9", "/api/v2"]) {
      assert.equal((await app.request(path)).status, 404, path);
    }
  });

  it("orders versions by their stability, then by their number", () => {
    const versions = ["v1alpha1", "foo", "v1", "v10beta3", "v2", "v11alpha2", "v3beta1"];
    assert.deepEqual(versions.sort(compareVersions), [
      "v2",
      "v1",
      "v10beta3",
      "v3beta1",
      "v11alpha2",
      "v1alpha1",
      "foo",
    ]);
  });
});
