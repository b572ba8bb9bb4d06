import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import type { Json, JsonObject } from "@servicelet/shared/krm";
import { fakeClock } from "@servicelet/shared/testing";
import { openApiRoutes } from "./openapi_v3.ts";
import { growingRegistry } from "./testdata/registry.ts";

function routes() {
  return openApiRoutes({ registry: growingRegistry(), clock: fakeClock() });
}

/** Every name that something refers to. */
function references(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "$ref" && typeof child === "string"
      ? [child.slice(child.lastIndexOf("/") + 1)]
      : references(child)
  );
}

describe("the OpenAPI documents", () => {
  it("are named by a hash that lets clients keep them", async () => {
    const app = routes();
    const { paths } = await (await app.request("/openapi/v3")).json();
    const { serverRelativeURL: url } = paths["apis/servicelet.dev/v1alpha1"];
    const answer = await app.request(url);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "public, immutable");
    const old = await app.request("/openapi/v3/apis/servicelet.dev/v1alpha1?hash=OLD");
    assert.equal(old.status, 301);
    assert.equal(old.headers.get("location"), url);
    assert.equal((await app.request("/openapi/v3/apis/none/v1")).status, 404);
  });

  it("define whatever they refer to, with the kind of each definition", async () => {
    const app = routes();
    const { paths } = await (await app.request("/openapi/v3")).json();
    for (const path of Object.keys(paths)) {
      const document: JsonObject = await (await app.request(`/openapi/v3/${path}`)).json();
      const { schemas } = document["components"] as { schemas: JsonObject };
      for (const name of references(document)) assert.ok(Object.hasOwn(schemas, name), `${path}: ${name}`);
    }
    const { definitions, ...rest } = await (await app.request("/openapi/v2")).json();
    for (const name of references({ definitions, ...rest })) {
      assert.ok(Object.hasOwn(definitions, name), name);
    }
    assert.deepEqual(
      definitions["dev.servicelet.v1alpha1.ServiceRuntime"]["x-kubernetes-group-version-kind"],
      [
        { group: "servicelet.dev", version: "v1alpha1", kind: "ServiceRuntime" },
      ],
    );
  });

  it("tell kubectl that the server validates fields, and which patches it takes", async () => {
    const app = routes();
    const custom = await (await app.request("/openapi/v3/apis/runtimes.servicelet.dev/v1alpha1")).json();
    const path = "/apis/runtimes.servicelet.dev/v1alpha1/namespaces/{namespace}/processapplications/{name}";
    const { patch } = custom.paths[path];
    assert.ok(patch.parameters.some(({ name }: { name: string }) => name === "fieldValidation"));
    assert.deepEqual(Object.keys(patch.requestBody.content), [
      "application/json-patch+json",
      "application/merge-patch+json",
    ]);
    const core = await (await app.request("/openapi/v3/api/v1")).json();
    const { content } = core.paths["/api/v1/namespaces/{namespace}/configmaps/{name}"].patch.requestBody;
    assert.ok(Object.hasOwn(content, "application/strategic-merge-patch+json"));
  });

  it("give every operation an id of its own", async () => {
    const { paths } = await (await routes().request("/openapi/v2")).json();
    const ids = Object.values<JsonObject>(paths).flatMap(({ parameters: _parameters, ...operations }) =>
      Object.values(operations).map((operation) => (operation as JsonObject)["operationId"])
    );
    assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
  });

  it("are refused to those who take only protobuf", async () => {
    const headers = { accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf" };
    const answer = await routes().request("/openapi/v2", { headers });
    assert.equal(answer.status, 406);
    assert.equal((await answer.json()).reason, "NotAcceptable");
  });
});
