import { equal, match } from "node:assert/strict";
import { afterAll, afterEach, beforeAll, describe, it } from "@std/testing/bdd";
import { conditionOf, type KubeObject } from "@servicelet/shared/krm";
import { temporaryDirectory } from "@servicelet/shared/testing";
import {
  freePort,
  type LocalControlPlane,
  type Order,
  placeOrder,
  readExample,
  startControlPlane,
  startSite,
} from "@servicelet/scripts/local";
import { hasJava } from "../machine.ts";
import { serviceletWithoutJava } from "./without_java.ts";

const SCRIPT = "#!/bin/sh\nexec sleep 1000\n";
const SCRIPT_SHA256 = await sha256(SCRIPT);
const OTHER_SHA256 = await sha256("something else");
const WAIT = ["sleep", "1000"];
const TRIES_AGAIN = /; next (attempt|start) in \d+ s$/;

describe("an order that cannot be fulfilled as it stands, beside one that runs", () => {
  let stack: AsyncDisposableStack;
  let controlPlane: LocalControlPlane;
  let repository: { readonly url: string; readonly port: number };
  let neighbour: Order;
  let neighboursPid: number;

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const directory = stack.use(await temporaryDirectory()).path;
    repository = startRepository(stack);
    controlPlane = stack.use(await startControlPlane({ directory }));
    stack.use(await startSite({ controlPlane, name: "site-1", directory, region: "here" }));
    neighbour = await placeOrder(controlPlane.client, onPort(await readExample("hello"), freePort()));
    neighboursPid = pidOf(await neighbour.ready());
  });
  afterAll(() => stack.disposeAsync());

  afterEach(async () => {
    const { status } = await neighbour.get();
    equal(status.process.pid, neighboursPid, "the neighbour was touched");
    equal(status.process.restarts, 0);
    equal(conditionOf({ status }, "Ready")?.status, "True");
    equal((await Deno.readTextFile(`/proc/${neighboursPid}/comm`)).trim(), "perl");
  });

  /** Orders, waits for the condition to be False for this reason, answers its message. */
  async function refusal(kind: string, spec: object, type: string, reason: string) {
    const order = await placeOrder(controlPlane.client, documentOf(kind, spec));
    const document = await order.until((now) => conditionOf(now, type)?.reason === reason);
    const { status, message = "" } = conditionOf(document, type) ?? {};
    equal(status, "False");
    // What people look at first gives the same answer.
    const summary = await order.until((now) => conditionOf(now, "Ready")?.reason === reason);
    equal(conditionOf(summary, "Ready")?.status, "False");
    equal(document["status"].process?.pid, undefined);
    return { order, message };
  }

  /** Corrects the order: it becomes Ready in the same document, by the same programs. */
  async function corrected(order: Order, spec: object): Promise<void> {
    const { metadata: { generation } } = await controlPlane.client.patch(order.path, "merge", { spec });
    const ready = await order.until((now) => isReadyAs(now, generation));
    equal(conditionOf(ready, "Scheduled")?.status, "True");
    await order.delete();
  }

  describe("for a process", () => {
    const refused = (spec: object, type: string, reason: string) =>
      refusal("ProcessApplication", spec, type, reason);

    it("with another checksum than that of the file: told both", async () => {
      const artifact = { url: `${repository.url}/app`, sha256: OTHER_SHA256 };
      const { order, message } = await refused({ artifact }, "Prepared", "ChecksumMismatch");
      match(
        message,
        new RegExp(`^spec\\.artifact\\.sha256 is ${OTHER_SHA256}, but ${repository.url}/app gave`),
      );
      match(message, new RegExp(`with ${SCRIPT_SHA256}: .*correct the checksum or the file`));
      match(message, TRIES_AGAIN);
      await corrected(order, { artifact: { sha256: SCRIPT_SHA256 } });
    });

    it("with an address that answers 404: told the address", async () => {
      const artifact = { url: `${repository.url}/missing` };
      const { order, message } = await refused({ artifact }, "Prepared", "ArtifactNotFound");
      match(
        message,
        /^spec\.artifact\.url: http:\S+\/missing answered 404 Not Found: correct the address or/,
      );
      match(message, TRIES_AGAIN);
      await corrected(order, { artifact: { url: `${repository.url}/app` } });
    });

    it("with an address that answers a web page: told so, with and without a checksum", async () => {
      const artifact = { url: `${repository.url}/page` };
      const { order, message } = await refused({ artifact }, "Prepared", "ArtifactNotAFile");
      match(
        message,
        /^spec\.artifact\.url: \S+\/page gave \d+ bytes of a web page \(HTML\) .*: correct the address/,
      );
      await controlPlane.client.patch(order.path, "merge", { spec: { artifact: { sha256: SCRIPT_SHA256 } } });
      const still = await order.until((now) => conditionOf(now, "Prepared")?.reason === "ChecksumMismatch");
      match(conditionOf(still, "Prepared")?.message ?? "", /gave \d+ bytes of a web page \(HTML\)/);
      await corrected(order, { artifact: { url: `${repository.url}/app` } });
    });

    it("with an address that nobody answers: told why", async () => {
      const artifact = { url: `http://127.0.0.1:${freePort()}/app` };
      const { order, message } = await refused({ artifact }, "Prepared", "ArtifactNotReachable");
      match(message, /^spec\.artifact\.url: cannot fetch http:\S+\/app: .*Connection refused/);
      await corrected(order, { artifact: { url: `${repository.url}/app` } });
    });

    it("with a file that is not there: told which", async () => {
      const artifact = { url: "file:///nowhere/app" };
      const { order, message } = await refused({ artifact }, "Prepared", "ArtifactNotFound");
      match(
        message,
        /^spec\.artifact\.url: there is no file \/nowhere\/app on this machine: put it there or/,
      );
      await corrected(order, { artifact: { url: `${repository.url}/app` } });
    });

    it("with a command that does not exist: told where it was looked for", async () => {
      const { order, message } = await refused(
        { command: ["no-such-program"] },
        "Prepared",
        "CommandNotFound",
      );
      match(message, /^spec\.command\[0\]: there is no "no-such-program" in PATH \(.+\): install it or give/);
      match(message, TRIES_AGAIN);
      await corrected(order, { command: WAIT });
    });

    it("with a path that does not exist: told which", async () => {
      const { order, message } = await refused({ command: ["/no/such"] }, "Prepared", "CommandNotFound");
      match(message, /^spec\.command\[0\]: there is no file \/no\/such: install it or correct the path/);
      await corrected(order, { command: WAIT });
    });

    it("with a port in use: told by whom", async () => {
      const ports = [{ name: "http", port: repository.port }];
      const { order, message } = await refused({ command: WAIT, ports }, "Started", "PortInUse");
      match(
        message,
        new RegExp(`^spec\\.ports: port ${repository.port} \\("http"\\) is in use by process ${Deno.pid} `),
      );
      match(message, /: end that or choose another port; next start in/);
      await corrected(order, { ports: [{ name: "http", port: freePort() }] });
    });

    it("with a preset runtime that does not exist: told which", async () => {
      const spec = { command: WAIT, serviceRuntimeName: "site-0" };
      const { order, message } = await refused(spec, "Scheduled", "RuntimeNotFound");
      equal(
        message,
        'There is no ServiceRuntime "site-0": start a servicelet of that name, or correct spec.serviceRuntimeName',
      );
      await corrected(order, { serviceRuntimeName: "site-1" });
    });

    it("with a placement that nothing fits: told how many failed it and why", async () => {
      const spec = { command: WAIT, placement: { regions: ["there"] } };
      const { order, message } = await refused(spec, "Scheduled", "NoSuitableRuntime");
      match(
        message,
        /^0 of 1 runtime fits: 1 is in region here \(spec\.placement\.regions wants there\); change/,
      );
      await corrected(order, { placement: { regions: ["here"] } });
    });

    it("with more memory than there is: told so", async () => {
      const spec = { command: WAIT, resources: { requests: { memory: "900Ti" } } };
      const { order, message } = await refused(spec, "Scheduled", "NoSuitableRuntime");
      match(message, /1 has less than 900Ti of memory left \(spec\.resources\.requests\.memory\)/);
      await corrected(order, { resources: { requests: { memory: "1Mi" } } });
    });
  });

  describe("for a Java program (needs java)", { ignore: !hasJava }, () => {
    let greeter: Record<string, unknown>;

    beforeAll(async () => {
      greeter = onPort(await readExample("greeter"), freePort())["spec"];
    });

    it("with a jar that is no jar: told what came instead", async () => {
      const spec = { ...greeter, artifact: { url: `${repository.url}/app` } };
      const { order, message } = await refusal("JavaApplication", spec, "Prepared", "NotAJar");
      match(message, /^spec\.artifact\.url: what came is no jar but something that begins with "#!\/bin\/sh/);
      match(message, /: correct the address or the file; next attempt in/);
      await corrected(order, { artifact: greeter["artifact"] });
    });

    it("for a newer Java than there is: told which there are", async () => {
      const spec = { ...greeter, javaVersion: 99 };
      const { order, message } = await refusal("JavaApplication", spec, "Prepared", "NoSuitableJava");
      match(message, /^Needs Java >= 99 \(spec\.javaVersion\); found \d.* at \/.*: install one that fits/);
      await corrected(order, { javaVersion: 11 });
    });
  });

  describe("for a machine without Java (needs unshare where there is Java)", {
    ignore: !serviceletWithoutJava,
  }, () => {
    let spec: Record<string, unknown>;

    beforeAll(async () => {
      spec = onPort(await readExample("greeter"), freePort())["spec"];
      const program = serviceletWithoutJava ?? failed("ignored otherwise");
      const directory = stack.use(await temporaryDirectory()).path;
      stack.use(await startSite({ controlPlane, name: "bare", directory, region: "bare", program }));
      // The first order waits for the site's registration.
      const order = await placeOrder(
        controlPlane.client,
        documentOf("ProcessApplication", { command: WAIT, serviceRuntimeName: "bare" }),
      );
      await order.ready();
      await order.delete();
    });

    it("placed there by hand: told to install it, or moved to where there is one", async () => {
      const preset = { ...spec, serviceRuntimeName: "bare" };
      const { order, message } = await refusal("JavaApplication", preset, "Prepared", "NoSuitableJava");
      match(
        message,
        /^There is no Java on this machine: install one, .* or set JAVA_HOME of the servicelet; next/,
      );
      if (hasJava) await corrected(order, { serviceRuntimeName: "site-1" });
      else await order.delete();
    });

    it("left to the scheduler: told which runtime is lacking", async () => {
      const placed = { ...spec, placement: { regions: ["bare"] } };
      const { order, message } = await refusal("JavaApplication", placed, "Scheduled", "NoSuitableRuntime");
      match(message, /^0 of 2 runtimes fit: .*1 lacks runtime jvm/);
      if (hasJava) await corrected(order, { placement: null });
      else await order.delete();
    });
  });
});

/** A web server with a script at `/app`, a page at `/page`, and nothing else. */
function startRepository(stack: AsyncDisposableStack): { url: string; port: number } {
  const server = stack.use(Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/app") return new Response(SCRIPT);
    if (pathname !== "/page") return new Response("Not here", { status: 404 });
    return new Response("<!doctype html><title>Sign in</title>", {
      headers: { "content-type": "text/html" },
    });
  }));
  const { port } = server.addr;
  return { url: `http://127.0.0.1:${port}`, port };
}

let orders = 0;
function documentOf(kind: string, spec: object): KubeObject {
  const name = `order-${++orders}`;
  return {
    apiVersion: "runtimes.servicelet.dev/v1alpha1",
    kind,
    metadata: { name, namespace: "default" },
    spec,
  };
}

function isReadyAs(document: KubeObject, generation: number | undefined): boolean {
  const { status, observedGeneration } = conditionOf(document, "Ready") ?? {};
  return status === "True" && Number(observedGeneration) >= Number(generation);
}

function onPort(document: KubeObject, port: number): KubeObject {
  document["spec"].ports[0].port = port;
  document["spec"].readinessProbe.httpGet.port = port;
  return document;
}

function pidOf(document: KubeObject): number {
  return document["status"].process.pid;
}

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}

function failed(why: string): never {
  throw new Error(why);
}
