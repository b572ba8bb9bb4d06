import assert from "node:assert/strict";
import { Hono } from "hono";
import { describe, it } from "@std/testing/bdd";
import { silentLog } from "@servicelet/shared/ports";
import type { ApiEnv } from "../api/environment.ts";
import { answerErrors } from "../api/errors.ts";
import { requestInfo } from "../api/request_info.ts";
import type { WatchCache, Watcher } from "../cache/watch_cache.ts";
import { authenticate, authorize, createTokens, digestOf, kubeconfigText, parseKubeconfig } from "./mod.ts";

const encoder = new TextEncoder();

/** A control plane's front: both middlewares over a few documents, every path behind them answers 200. */
async function startFront() {
  const documents = new Map<string, Uint8Array>();
  const watchers: Watcher[] = [];
  const cache: Partial<WatchCache> = {
    revision: 1,
    sync: () => Promise.resolve(),
    get(key) {
      const bytes = documents.get(key);
      return bytes && { key, revision: 1, bytes };
    },
    list: () =>
      [...documents].filter(([key]) => key.startsWith("/secrets/servicelet-system/"))
        .map(([key, bytes]) => ({ key, revision: 1, bytes })),
    watch(_scope, _since, watcher) {
      watchers.push(watcher);
      return { stop() {} };
    },
  };
  function write(key: string, document: unknown): void {
    const bytes = encoder.encode(JSON.stringify(document));
    documents.set(key, bytes);
    tell("MODIFIED", key, bytes);
  }
  function remove(key: string): void {
    tell("DELETED", key, documents.get(key) ?? new Uint8Array());
    documents.delete(key);
  }
  function tell(type: "MODIFIED" | "DELETED", key: string, bytes: Uint8Array): void {
    if (!key.startsWith("/secrets/servicelet-system/")) return;
    for (const watcher of watchers) watcher({ type, key, bytes, revision: 2, line: () => bytes });
  }
  async function secret(name: string, token: string): Promise<void> {
    write(`/secrets/servicelet-system/servicelet-token-${name}`, {
      type: "servicelet.dev/token",
      data: { name: btoa(name), sha256: btoa(await digestOf(token)) },
    });
  }

  await secret("site-1", "token-of-site-1");
  write("runtimes.servicelet.dev/processapplications/default/mine", {
    spec: { serviceRuntimeName: "site-1" },
  });
  write("runtimes.servicelet.dev/processapplications/default/others", {
    spec: { serviceRuntimeName: "site-2" },
  });

  const tokens = createTokens({ digest: await digestOf("token-of-admin") });
  tokens.follow(cache as WatchCache);
  const app = new Hono<ApiEnv>();
  app.onError(answerErrors({ log: silentLog }));
  app.use(async (c, next) => {
    c.set("info", requestInfo(c.req.method, c.req.url));
    await next();
  });
  app.use(authenticate({ tokens }), authorize({ cache: cache as WatchCache }));
  app.all("*", async (c) => c.text(`${c.var.user.name} ${await c.req.text()}`));
  return {
    secret,
    remove,
    async ask(token: string | undefined, method: string, path: string, body?: unknown) {
      const answer = await app.request(path, {
        method,
        headers: token ? { authorization: `Bearer ${token}` } : {},
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { code: answer.status, text: await answer.text() };
    },
  };
}

const PAPP = "/apis/runtimes.servicelet.dev/v1alpha1/namespaces/default/processapplications";
const SRT = "/apis/servicelet.dev/v1alpha1/serviceruntimes";
const LEASE = "/apis/coordination.k8s.io/v1/namespaces/servicelet-system/leases";

describe("a request without a valid token", () => {
  it("gets 401 and a Status, whatever it asks for", async () => {
    const { ask } = await startFront();
    for (const token of [undefined, "wrong"]) {
      const { code, text } = await ask(token, "GET", "/api/v1/namespaces");
      assert.equal(code, 401);
      assert.deepEqual(JSON.parse(text).reason, "Unauthorized");
    }
  });
  it("is answered on the paths that probes ask", async () => {
    const { ask } = await startFront();
    for (const path of ["/livez", "/readyz", "/healthz", "/version"]) {
      assert.equal((await ask(undefined, "GET", path)).code, 200);
      assert.equal((await ask("wrong", "GET", path)).code, 401);
    }
  });
});

describe("the administrator", () => {
  it("may do everything", async () => {
    const { ask } = await startFront();
    assert.deepEqual(await ask("token-of-admin", "DELETE", `${PAPP}/others`), { code: 200, text: "admin " });
  });
});

describe("the token of a servicelet", () => {
  it("counts as soon as its Secret is there, and no longer than that", async () => {
    const { ask, secret, remove } = await startFront();
    const mine = `${SRT}/site-9`;
    assert.equal((await ask("new", "GET", mine)).code, 401);
    await secret("site-9", "new");
    assert.equal((await ask("new", "GET", mine)).code, 200);
    await secret("site-9", "newer");
    assert.deepEqual([(await ask("new", "GET", mine)).code, (await ask("newer", "GET", mine)).code], [
      401,
      200,
    ]);
    remove("/secrets/servicelet-system/servicelet-token-site-9");
    assert.equal((await ask("newer", "GET", mine)).code, 401);
  });
});

describe("a servicelet", () => {
  const finalizers = { metadata: { finalizers: [], resourceVersion: "7" } };
  const cases: [number, string, string, unknown?][] = [
    [200, "GET", "/apis"],
    [200, "GET", "/openapi/v3"],
    [403, "GET", "/metrics"],
    [200, "GET", "/api/v1/namespaces/kube-system"],
    [403, "GET", "/api/v1/namespaces/default"],
    [403, "GET", "/api/v1/namespaces"],
    [200, "POST", SRT, { metadata: { name: "site-1" } }],
    [403, "POST", SRT, { metadata: { name: "site-2" } }],
    [403, "POST", SRT, { metadata: { generateName: "site-1" } }],
    [200, "GET", `${SRT}/site-1`],
    [200, "PATCH", `${SRT}/site-1/status`, {}],
    [200, "GET", `${SRT}/site-1/assignments?watch=true`],
    [403, "GET", `${SRT}/site-2/assignments`],
    [403, "DELETE", `${SRT}/site-1`],
    [403, "GET", SRT],
    [200, "GET", `${SRT}?fieldSelector=metadata.name%3Dsite-1`],
    [200, "POST", LEASE, { metadata: { name: "site-1" } }],
    [200, "PUT", `${LEASE}/site-1`, {}],
    [403, "PUT", `${LEASE}/site-2`, {}],
    [200, "POST", "/api/v1/namespaces/default/events", {}],
    [403, "GET", "/api/v1/namespaces/default/events"],
    [200, "GET", `${PAPP}/mine`],
    [200, "PATCH", `${PAPP}/mine/status`, { status: {} }],
    [200, "PATCH", `${PAPP}/mine`, finalizers],
    [200, "PATCH", `${PAPP}/mine`, [{ op: "test", path: "/metadata/uid", value: "u" }, {
      op: "remove",
      path: "/metadata/finalizers/0",
    }]],
    [403, "PATCH", `${PAPP}/mine`, { spec: { serviceRuntimeName: "site-2" } }],
    [403, "PATCH", `${PAPP}/mine`, [{ op: "replace", path: "/spec/serviceRuntimeName", value: "site-2" }]],
    [403, "PUT", `${PAPP}/mine`, {}],
    [403, "DELETE", `${PAPP}/mine`],
    [403, "GET", `${PAPP}/others`],
    [403, "PATCH", `${PAPP}/others/status`, {}],
    [403, "GET", `${PAPP}/absent`],
    [403, "GET", PAPP],
    [403, "GET", "/api/v1/namespaces/servicelet-system/secrets/servicelet-token-site-1"],
  ];
  for (const [code, method, path, body] of cases) {
    const what = `${method} ${path}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`;
    it(`${code === 200 ? "may" : "may not"} ${what}`, async () => {
      const { ask } = await startFront();
      const answer = await ask("token-of-site-1", method, path, body);
      assert.equal(answer.code, code, answer.text);
      if (code === 200 && body) {
        assert.ok(answer.text.endsWith(JSON.stringify(body)), "the body is still there");
      }
    });
  }

  it("is refused in Kubernetes' words", async () => {
    const { ask } = await startFront();
    const messageOf = async (path: string) =>
      JSON.parse((await ask("token-of-site-1", "GET", path)).text).message;
    assert.equal(
      await messageOf("/api/v1/namespaces/n/configmaps"),
      'configmaps is forbidden: User "system:servicelet:site-1" cannot list resource "configmaps" in API group "" in the namespace "n"',
    );
    assert.equal(
      await messageOf(`${SRT}/site-2/status`),
      'serviceruntimes.servicelet.dev "site-2" is forbidden: User "system:servicelet:site-1" cannot get resource "serviceruntimes/status" in API group "servicelet.dev" at the cluster scope',
    );
  });
});

describe("a kubeconfig file", () => {
  const config = { server: "https://127.0.0.1:8443", authority: "-----BEGIN CERTIFICATE-----\n", token: "t" };
  it("is read as it was written", async () => {
    assert.deepEqual(await parseKubeconfig(kubeconfigText(config), "f"), config);
  });
  it("that is another's is refused with the field that is missing", async () => {
    const text = kubeconfigText(config).replace("token:", "username:");
    await assert.rejects(
      parseKubeconfig(text, "f"),
      /Cannot use the kubeconfig f: .*users\[0\]\.user\.token/s,
    );
  });
});
