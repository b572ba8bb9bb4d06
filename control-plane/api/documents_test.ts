import assert from "node:assert/strict";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import {
  CONFIG_MAPS,
  configMap,
  DEFINITIONS,
  TestApi,
  widget,
  widgetDefinition,
  WIDGETS,
} from "./testdata/api.ts";

let api: TestApi;

describe("a document that is created", () => {
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it("is answered with what the server decides, and read back byte for byte", async () => {
    const created = await api.post(CONFIG_MAPS, {
      ...configMap("created"),
      metadata: { name: "created", uid: "mine", creationTimestamp: "2001-01-01T00:00:00Z", generation: 9 },
    });
    assert.equal(created.status, 201);
    const { metadata } = created.body;
    assert.match(metadata.uid, /^[0-9a-f-]{36}$/);
    assert.match(metadata.creationTimestamp, /^20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(metadata.resourceVersion, /^[1-9]\d*$/);
    assert.equal(metadata.namespace, "default");
    assert.deepEqual(Object.keys(created.body), ["apiVersion", "kind", "metadata", "data"]);
    assert.equal((await api.get(`${CONFIG_MAPS}/created`)).text, created.text);
  });

  it("cannot be created twice", async () => {
    await api.post(CONFIG_MAPS, configMap("twice"));
    const again = await api.post(CONFIG_MAPS, configMap("twice"));
    assert.equal(again.status, 409);
    assert.equal(again.body.reason, "AlreadyExists");
    assert.equal(again.body.message, 'configmaps "twice" already exists');
    assert.deepEqual(again.body.details, { name: "twice", kind: "configmaps" });
  });

  it("gets a name from generateName", async () => {
    const metadata = { generateName: "made-" };
    const { body } = await api.post(CONFIG_MAPS, { ...configMap(""), metadata });
    assert.match(body.metadata.name, /^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it("may be written in YAML", async () => {
    const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: b\n";
    const created = await api.post(CONFIG_MAPS, text, { type: "application/yaml" });
    assert.equal(created.status, 201);
    assert.deepEqual(created.body.data, { a: "b" });
    const read = await api.get(`${CONFIG_MAPS}/yaml`, { headers: { accept: "application/yaml" } });
    assert.equal(read.headers.get("content-type"), "application/yaml");
    assert.match(read.text, /^data:\n {2}a: b$/m);
  });

  it("is checked and not written with dryRun=All", async () => {
    assert.equal((await api.post(`${CONFIG_MAPS}?dryRun=All`, configMap("dry"))).status, 201);
    assert.equal((await api.get(`${CONFIG_MAPS}/dry`)).status, 404);
  });
});

describe("a document that is replaced", () => {
  beforeAll(async () => {
    api = await TestApi.start();
    await api.post(DEFINITIONS, widgetDefinition());
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it("keeps what only the server says", async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap("kept"));
    const replaced = await api.put(`${CONFIG_MAPS}/kept`, configMap("kept", { key: "other" }));
    assert.equal(replaced.status, 200);
    assert.equal(replaced.body.metadata.uid, created.metadata.uid);
    assert.equal(replaced.body.metadata.creationTimestamp, created.metadata.creationTimestamp);
    assert.notEqual(replaced.body.metadata.resourceVersion, created.metadata.resourceVersion);
  });

  it("is not written where nothing changes", async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap("same"));
    const { body } = await api.put(`${CONFIG_MAPS}/same`, created);
    assert.equal(body.metadata.resourceVersion, created.metadata.resourceVersion);
  });

  it("must be the state that the client read", async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap("stale"));
    await api.put(`${CONFIG_MAPS}/stale`, configMap("stale", { key: "newer" }));
    const { status, body } = await api.put(`${CONFIG_MAPS}/stale`, created);
    assert.equal(status, 409);
    assert.equal(body.reason, "Conflict");
    assert.match(
      body.message,
      /the object has been modified; please apply your changes to the latest version/,
    );
  });

  it("needs a resourceVersion where it is a custom resource", async () => {
    await api.post(WIDGETS, widget("unconditional"));
    const { status, body } = await api.put(`${WIDGETS}/unconditional`, widget("unconditional", { size: 2 }));
    assert.equal(status, 422);
    assert.equal(body.details.causes[0].field, "metadata.resourceVersion");
  });

  it("counts generations of what is wanted, not of status", async () => {
    const { body: created } = await api.post(WIDGETS, { ...widget("counted"), status: { phase: "Ignored" } });
    assert.equal(created.metadata.generation, 1);
    assert.equal(created.status, undefined);
    const { body: reported } = await api.put(`${WIDGETS}/counted/status`, {
      ...created,
      spec: { size: 7 },
      status: { phase: "Ready" },
    });
    assert.deepEqual([reported.metadata.generation, reported.spec.size, reported.status.phase], [
      1,
      1,
      "Ready",
    ]);
    const { body: changed } = await api.put(`${WIDGETS}/counted`, {
      ...reported,
      spec: { size: 2 },
      status: { phase: "Ignored" },
    });
    assert.deepEqual([changed.metadata.generation, changed.spec.size, changed.status.phase], [2, 2, "Ready"]);
  });

  it("takes every one of concurrent patches", async () => {
    await api.post(CONFIG_MAPS, configMap("crowded", {}));
    const writers = Array.from({ length: 30 }, (_, i) => `writer-${i}`);
    const answers = await Promise.all(
      writers.map((name) => api.patch(`${CONFIG_MAPS}/crowded`, { data: { [name]: "was here" } })),
    );
    assert.deepEqual(answers.map(({ status }) => status), writers.map(() => 200));
    const { body } = await api.get(`${CONFIG_MAPS}/crowded`);
    assert.deepEqual(Object.keys(body.data).sort(), writers.toSorted());
  });
});

describe("a document that is patched", () => {
  beforeAll(async () => {
    api = await TestApi.start();
    await api.post(DEFINITIONS, widgetDefinition());
    await api.post(WIDGETS, widget("patched"));
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it("takes JSON patches", async () => {
    const type = "application/json-patch+json";
    const { body } = await api.patch(
      `${WIDGETS}/patched`,
      [{ op: "replace", path: "/spec/size", value: 5 }],
      { type },
    );
    assert.equal(body.spec.size, 5);
    const failed = await api.patch(`${WIDGETS}/patched`, [{ op: "test", path: "/spec/size", value: 4 }], {
      type,
    });
    assert.deepEqual([failed.status, failed.body.reason], [422, "Invalid"]);
  });

  it("takes merge patches, also of its status", async () => {
    const { body } = await api.patch(`${WIDGETS}/patched/status`, { status: { phase: "Patched" } });
    assert.equal(body.status.phase, "Patched");
  });

  it("refuses patches from an older state where they say so", async () => {
    const patch = { metadata: { resourceVersion: "1" }, spec: { size: 6 } };
    assert.equal((await api.patch(`${WIDGETS}/patched`, patch)).status, 409);
  });

  it("takes strategic merge patches of built-in kinds only", async () => {
    const type = "application/strategic-merge-patch+json";
    await api.post(CONFIG_MAPS, {
      ...configMap("strategic"),
      metadata: { name: "strategic", finalizers: ["a.b/c"] },
    });
    const patch = { metadata: { finalizers: ["a.b/d"] }, data: { key: null, other: "1" } };
    const { body } = await api.patch(`${CONFIG_MAPS}/strategic`, patch, { type });
    assert.deepEqual([body.metadata.finalizers, body.data], [["a.b/c", "a.b/d"], { other: "1" }]);
    const refused = await api.patch(`${WIDGETS}/patched`, { spec: { size: 1 } }, { type });
    assert.equal(refused.status, 415);
    assert.match(refused.body.message, /application\/json-patch\+json, application\/merge-patch\+json/);
  });
});

describe("a document that is deleted", () => {
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it("is gone, and a Status says which it was", async () => {
    const { body: created } = await api.post(CONFIG_MAPS, configMap("gone"));
    const { status, body } = await api.delete(`${CONFIG_MAPS}/gone`);
    assert.deepEqual([status, body.status], [200, "Success"]);
    assert.deepEqual(body.details, { name: "gone", kind: "configmaps", uid: created.metadata.uid });
    assert.equal((await api.get(`${CONFIG_MAPS}/gone`)).status, 404);
    assert.equal((await api.delete(`${CONFIG_MAPS}/gone`)).status, 404);
  });

  it("stays while finalizers hold it, and goes with the last", async () => {
    await api.post(CONFIG_MAPS, {
      ...configMap("held"),
      metadata: { name: "held", finalizers: ["example.com/hold"] },
    });
    const { body: marked } = await api.delete(`${CONFIG_MAPS}/held`);
    assert.equal(marked.kind, "ConfigMap");
    assert.ok(marked.metadata.deletionTimestamp);
    const more = await api.patch(`${CONFIG_MAPS}/held`, {
      metadata: { finalizers: ["example.com/hold", "example.com/more"] },
    });
    assert.deepEqual([more.status, more.body.details.causes[0].field], [422, "metadata.finalizers"]);
    assert.equal((await api.patch(`${CONFIG_MAPS}/held`, { metadata: { finalizers: null } })).status, 200);
    assert.equal((await api.get(`${CONFIG_MAPS}/held`)).status, 404);
  });

  it("must meet the preconditions", async () => {
    await api.post(CONFIG_MAPS, configMap("other"));
    const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: "another" } };
    assert.equal((await api.delete(`${CONFIG_MAPS}/other`, { body })).status, 409);
  });

  it("can be one of many", async () => {
    const labels = { batch: "one" };
    for (const name of ["one", "two"]) {
      await api.post(CONFIG_MAPS, { ...configMap(name), metadata: { name, labels } });
    }
    assert.equal((await api.delete(`${CONFIG_MAPS}?labelSelector=batch%3Done`)).status, 200);
    const { body } = await api.get(CONFIG_MAPS);
    assert.deepEqual(body.items.map((item: { metadata: { name: string } }) => item.metadata.name), ["other"]);
  });
});
