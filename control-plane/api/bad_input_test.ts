import assert from "node:assert/strict";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import {
  type Answer,
  CONFIG_MAPS,
  configMap,
  DEFINITIONS,
  TestApi,
  widget,
  widgetDefinition,
  WIDGETS,
} from "./testdata/api.ts";

const NAMESPACES = "/api/v1/namespaces";

let api: TestApi;

function failure({ status, body }: Answer): [number, string] {
  assert.equal(body.kind, "Status");
  assert.equal(body.code, status);
  return [status, body.reason];
}

describe("a request that cannot be served", () => {
  beforeAll(async () => {
    api = await TestApi.start();
    await api.post(DEFINITIONS, widgetDefinition());
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it("is told of paths, resources and methods that are not there", async () => {
    assert.deepEqual(failure(await api.get("/apis/nobody.example/v1/things")), [404, "NotFound"]);
    assert.deepEqual(failure(await api.get("/nowhere")), [404, "NotFound"]);
    assert.deepEqual(failure(await api.get(`${CONFIG_MAPS}/x/status`)), [404, "NotFound"]);
    assert.deepEqual(failure(await api.post(`${CONFIG_MAPS}/x`, configMap("x"))), [405, "MethodNotAllowed"]);
    assert.deepEqual(failure(await api.put(CONFIG_MAPS, configMap("x"))), [405, "MethodNotAllowed"]);
  });

  it("is told where its JSON is malformed", async () => {
    const answer = await api.post(CONFIG_MAPS, '{"kind": "ConfigMap",}');
    assert.deepEqual(failure(answer), [400, "BadRequest"]);
    assert.match(answer.body.message, /not valid JSON: .*(position|column) \d+/);
  });

  it("is told where its YAML is malformed, or says something twice", async () => {
    for (const text of ["kind: ConfigMap\n  metadata: [", "kind: ConfigMap\nkind: Secret\n"]) {
      const answer = await api.post(CONFIG_MAPS, text, { type: "application/yaml" });
      assert.deepEqual(failure(answer), [400, "BadRequest"]);
      assert.match(answer.body.message, /not valid YAML: .*at line \d+, column \d+/);
    }
  });

  it("is told of media types that are not known", async () => {
    const answer = await api.post(CONFIG_MAPS, "<a/>", { type: "application/xml" });
    assert.deepEqual(failure(answer), [415, "UnsupportedMediaType"]);
    assert.match(answer.body.message, /application\/json, application\/yaml/);
    const headers = { accept: "image/png" };
    assert.deepEqual(failure(await api.get(CONFIG_MAPS, { headers })), [406, "NotAcceptable"]);
    const apply = await api.patch(`${CONFIG_MAPS}/x`, configMap("x"), {
      type: "application/apply-patch+yaml",
    });
    assert.deepEqual(failure(apply), [415, "UnsupportedMediaType"]);
  });

  it("is told that a body of 4 MiB is too large, with and without a length", async () => {
    const body = JSON.stringify(configMap("large", { key: "x".repeat(4 * 1024 * 1024) }));
    assert.deepEqual(failure(await api.post(CONFIG_MAPS, body)), [413, "RequestEntityTooLarge"]);
    const headers = { "content-length": String(body.length) };
    assert.deepEqual(failure(await api.post(CONFIG_MAPS, body, { headers })), [413, "RequestEntityTooLarge"]);
  });

  it("is told that its body is nested too deep, in every place that takes one", async () => {
    await api.post(CONFIG_MAPS, configMap("deep"));
    const deep = '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000);
    for (
      const answer of [
        await api.post(CONFIG_MAPS, `{"metadata":{"name":"x"},"data":${deep}}`),
        await api.post(CONFIG_MAPS, deep, { type: "application/yaml" }),
        await api.put(`${CONFIG_MAPS}/deep`, deep),
        await api.patch(`${CONFIG_MAPS}/deep`, deep),
        await api.patch(`${CONFIG_MAPS}/deep`, `[${deep}]`, { type: "application/json-patch+json" }),
      ]
    ) assert.deepEqual(failure(answer), [400, "BadRequest"]);
  });

  it("is told of wrong types where a rule of the kind looks, too", async () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } };
    for (const data of [{ a: 1 }, { a: {} }, { a: [] }, { a: true }]) {
      const answer = await api.post("/api/v1/namespaces/default/secrets", { ...secret, data });
      assert.ok([400, 422].includes(failure(answer)[0]));
      assert.match(answer.body.message, /data\.a|data\[a\]/);
    }
    const definition = widgetDefinition() as unknown as { spec: { names: object } };
    const { spec } = definition;
    for (const wrong of [{ names: { ...spec.names, shortNames: 1 } }, { versions: [null] }]) {
      const answer = await api.post(DEFINITIONS, {
        ...definition,
        metadata: { name: "others.example.com" },
        spec: { ...spec, ...wrong },
      });
      assert.ok([400, 422].includes(failure(answer)[0]));
      assert.match(answer.body.message, /shortNames|versions\[0\]/);
    }
  });

  it("is told that metadata must be an object when it replaces, too", async () => {
    await api.post(CONFIG_MAPS, configMap("replaced"));
    for (const metadata of ["text", 1, true, []]) {
      const answer = await api.put(`${CONFIG_MAPS}/replaced`, { ...configMap("replaced"), metadata });
      assert.deepEqual(failure(answer), [400, "BadRequest"]);
      assert.match(answer.body.message, /metadata/);
    }
  });

  it("is told of a body that is another kind, or none at all", async () => {
    for (
      const body of [
        { ...configMap("x"), kind: "Secret" },
        { ...configMap("x"), apiVersion: "v2" },
        [],
        "",
        "null",
      ]
    ) {
      assert.deepEqual(failure(await api.post(CONFIG_MAPS, body)), [400, "BadRequest"]);
    }
  });

  it("is told which name, label or field is wrong", async () => {
    const name = await api.post(CONFIG_MAPS, configMap("Not_A_Name"));
    assert.deepEqual(failure(name), [422, "Invalid"]);
    assert.match(
      name.body.message,
      /^ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": /,
    );
    assert.deepEqual(failure(await api.post(CONFIG_MAPS, configMap(""))), [400, "BadRequest"]);
    const labels = await api.post(CONFIG_MAPS, {
      ...configMap("x"),
      metadata: { name: "x", labels: { "a b": "c" } },
    });
    assert.equal(labels.body.details.causes[0].field, "metadata.labels");
    const number = await api.post(CONFIG_MAPS, {
      ...configMap("x"),
      metadata: { name: "x", labels: { a: 1 } },
    });
    assert.match(number.body.message, /^metadata\.labels\.a must be a string: it was 1/);
    const key = await api.post(CONFIG_MAPS, configMap("x", { "not a key": "" }));
    assert.equal(key.body.details.causes[0].field, "data[not a key]");
  });

  it("is told that a namespace's name must be a DNS label: no dots, 63 characters at most", async () => {
    for (const name of ["a.b", "x".repeat(64), "-a"]) {
      const answer = await api.post(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
      assert.deepEqual(failure(answer), [422, "Invalid"]);
      assert.equal(answer.body.details.causes[0].field, "metadata.name");
    }
    const right = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a-b" } };
    assert.equal((await api.post(NAMESPACES, right)).status, 201);
  });

  it("is told that its document has changed meanwhile, and to read it again; then it may change it", async () => {
    const path = `${CONFIG_MAPS}/stale`;
    const { body: first } = await api.post(CONFIG_MAPS, configMap("stale"));
    await api.put(path, configMap("stale", { key: "newer" }));
    const patch = { metadata: { resourceVersion: first.metadata.resourceVersion }, data: { key: "old" } };
    for (const answer of [await api.put(path, first), await api.patch(path, patch)]) {
      assert.deepEqual(failure(answer), [409, "Conflict"]);
      assert.match(
        answer.body.message,
        /"stale".*has been modified; please apply your changes to the latest/,
      );
    }
    const { body: latest } = await api.get(path);
    assert.equal(latest.data.key, "newer");
    assert.equal((await api.put(path, { ...latest, data: { key: "newest" } })).status, 200);
  });

  it("is told which field has the wrong type, and may be corrected", async () => {
    const wrong = await api.post(WIDGETS, widget("typed", { size: "large" }));
    assert.deepEqual(failure(wrong), [422, "Invalid"]);
    assert.equal(wrong.body.details.causes[0].field, "spec.size");
    const data = await api.post(CONFIG_MAPS, { ...configMap("typed"), data: { key: 1 } });
    assert.ok([400, 422].includes(data.status));
    assert.match(data.body.message, /data\.key|data\[key\]/);
    assert.equal((await api.post(WIDGETS, widget("typed", { size: 2 }))).status, 201);
  });

  it("is told of unknown fields as it asks to be", async () => {
    const body = widget("unknown", { size: 1, weight: 2 });
    const strict = await api.post(`${WIDGETS}?fieldValidation=Strict`, body);
    assert.deepEqual(failure(strict), [400, "BadRequest"]);
    assert.match(strict.body.message, /strict decoding error: unknown field "spec.weight"/);
    const warned = await api.post(WIDGETS, body);
    assert.equal(warned.status, 201);
    assert.equal(warned.headers.get("warning"), '299 - "unknown field \\"spec.weight\\""');
    assert.deepEqual(warned.body.spec, { size: 1, color: "blue" });
    assert.deepEqual(failure(await api.post(`${WIDGETS}?fieldValidation=Loose`, body)), [422, "Invalid"]);
    assert.deepEqual(failure(await api.post(`${WIDGETS}?dryRun=Some`, body)), [422, "Invalid"]);
  });

  it("is told of namespaces that are not there or not meant", async () => {
    const missing = await api.post("/api/v1/namespaces/missing/configmaps", configMap("x"));
    assert.deepEqual(failure(missing), [404, "NotFound"]);
    assert.equal(missing.body.message, 'namespaces "missing" not found');
    const other = { ...configMap("x"), metadata: { name: "x", namespace: "kube-system" } };
    assert.deepEqual(failure(await api.post(CONFIG_MAPS, other)), [400, "BadRequest"]);
  });

  it("is not heard without a token", async () => {
    const answer = await api.get(CONFIG_MAPS, { headers: { authorization: "Bearer wrong" } });
    assert.deepEqual(failure(answer), [401, "Unauthorized"]);
  });
});
