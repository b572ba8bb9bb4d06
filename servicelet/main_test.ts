import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { TEARDOWN_FINALIZER } from "@servicelet/shared/kinds";
import { conditionOf, type KubeObject } from "@servicelet/shared/krm";
import { seededRandom, temporaryDirectory } from "@servicelet/shared/testing";
import { StubControlPlane } from "./testdata/stub_control_plane.ts";

const PATH = "/apis/runtimes.servicelet.dev/v1alpha1/namespaces/default/processapplications/sleeper";
const ROUNDS = 20;
const LONGEST_LIFE_MS = 300;

describe("the program servicelet", () => {
  it("prints its version", async () => {
    const { code, out } = await finish(["version"]);
    equal(code, 0);
    match(out, /^\d+\.\d+\.\d+\n$/);
  });

  it("says which flag is wrong, and what every flag is for", async () => {
    const wrong = await finish(["run", "--sevrer", "x"]);
    equal(wrong.code, 2);
    match(wrong.err, /--sevrer.*did you mean --server/);
    const help = await finish(["run", "--help"]);
    equal(help.code, 0);
    match(help.out, /SERVICELET_TOKEN_FILE/);
  });

  it("names the file that it cannot read", async () => {
    await using site = await realSite();
    const { code, err } = await finish(
      site.flags.with(site.flags.indexOf("--token-file") + 1, "/no/such/token"),
    );
    equal(code, 1);
    match(err, /Cannot read \/no\/such\/token \(--token-file\)/);
  });
});

describe("a real servicelet with a real process", () => {
  it("runs an order, leaves it alone on SIGTERM, and removes it when it is deleted", async () => {
    await using site = await realSite();
    const first = site.start();
    site.order();
    const pid = await site.ready();
    ok(alive(pid));
    first.kill("SIGTERM");
    equal((await first.status).code, 0);
    ok(alive(pid));

    const second = site.start();
    const document = site.controlPlane.documents.get(PATH)!;
    site.controlPlane.put(PATH, {
      ...document,
      metadata: { ...document.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
    });
    await site.until(() => !site.controlPlane.documents.has(PATH));
    ok(!alive(pid));
    second.kill("SIGTERM");
    await second.status;
  });

  it("refuses the state directory of another one that runs", async () => {
    await using site = await realSite();
    const first = site.start();
    await site.until(() => site.controlPlane.documents.size > 0);
    const { code, err } = await finish(site.flags);
    equal(code, 1);
    match(err, /another servicelet is running on it/);
    first.kill("SIGKILL");
    await first.status;
  });

  it(`finds its process again when it is killed ${ROUNDS} times at random moments`, async () => {
    await using site = await realSite();
    let servicelet = site.start();
    site.order();
    const pid = await site.ready();
    const random = seededRandom(11);
    for (let round = 0; round < ROUNDS; round++) {
      // The moment of death is the subject.
      await new Promise((resolve) => setTimeout(resolve, random.next() * LONGEST_LIFE_MS));
      servicelet.kill("SIGKILL");
      await servicelet.status;
      servicelet = site.start();
    }
    // One more order shows that the last one is at work.
    site.order({ args: ["1001"] });
    await site.until(() => site.pid() !== pid && site.status("Ready") === "True");
    ok(!alive(pid));
    equal(site.document()["status"].process.restarts, 0);
    deepEqual(site.sleepers(), [site.pid()]);
    servicelet.kill("SIGKILL");
    await servicelet.status;
  });

  it(`starts an order exactly once although it is killed ${ROUNDS} times while it does`, async () => {
    await using site = await realSite();
    site.order();
    const random = seededRandom(12);
    for (let round = 0; round < ROUNDS; round++) {
      const servicelet = site.start();
      await new Promise((resolve) => setTimeout(resolve, 30 + random.next() * 120));
      servicelet.kill("SIGKILL");
      await servicelet.status;
      ok(site.sleepers().length <= 1, `after kill ${round + 1}`);
    }
    const last = site.start();
    const pid = await site.ready();
    deepEqual(site.sleepers(), [pid]);
    last.kill("SIGKILL");
    await last.status;
  });
});

/** A state directory, a stand-in for a control plane on a port, and what it takes to start servicelets on them. */
async function realSite() {
  await using undo = new AsyncDisposableStack();
  const directory = undo.use(await temporaryDirectory());
  const controlPlane = new StubControlPlane();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const body = await request.text();
    return await controlPlane.transport(request.url, { method: request.method, ...(body ? { body } : {}) });
  });
  const beats = setInterval(() => controlPlane.beat(), 5_000);
  undo.defer(async () => {
    clearInterval(beats);
    controlPlane.cut();
    for (const pid of sleepers()) kill(pid);
    await server.shutdown();
  });
  await Deno.writeTextFile(`${directory.path}/token`, "secret\n");
  const stateDirectory = `${directory.path}/state`;
  const flags = [
    "run",
    ...["--server", `http://127.0.0.1:${server.addr.port}`],
    ...["--token-file", `${directory.path}/token`],
    ...["--name", "site-1"],
    ...["--state-dir", stateDirectory],
  ];
  const document = () => controlPlane.documents.get(PATH)!;
  const status = (type: string) => conditionOf(document(), type)?.status;
  const pid = (): number | undefined => document()["status"]?.process?.pid;

  /** Processes that run for the order, without their shim. */
  function sleepers(): number[] {
    const pids: number[] = [];
    for (const { name } of Deno.readDirSync("/proc")) {
      if (/^\d+$/.test(name) && works(name)) pids.push(Number(name));
    }
    return pids;
  }

  function works(pid: string): boolean {
    try {
      return Deno.readLinkSync(`/proc/${pid}/cwd`).startsWith(`${directory.path}/`) &&
        Deno.readTextFileSync(`/proc/${pid}/comm`).trim() === "sleep";
    } catch {
      return false;
    }
  }

  const owned = undo.move();
  return {
    controlPlane,
    flags,
    document,
    status,
    pid,
    sleepers,
    start: () => deno(flags).spawn(),
    order(spec: Record<string, unknown> = {}): KubeObject {
      const old = controlPlane.documents.get(PATH);
      return controlPlane.put(PATH, {
        apiVersion: "runtimes.servicelet.dev/v1alpha1",
        kind: "ProcessApplication",
        metadata: {
          name: "sleeper",
          namespace: "default",
          uid: "uid-1",
          generation: (old?.metadata.generation ?? 0) + 1,
          finalizers: [TEARDOWN_FINALIZER],
        },
        spec: {
          serviceRuntimeName: "site-1",
          command: ["sleep"],
          args: ["1000"],
          restartPolicy: "Always",
          terminationGracePeriodSeconds: 5,
          ...spec,
        },
        ...(old?.["status"] ? { status: old["status"] } : {}),
      });
    },
    /** Resolves when a request has made `condition` true. */
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await controlPlane.changed();
    },
    async ready(): Promise<number> {
      await this.until(() => status("Ready") === "True");
      return pid()!;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function deno(args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("main.ts", import.meta.url).pathname, ...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
}

async function finish(args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("main.ts", import.meta.url).pathname, ...args],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

function alive(pid: number): boolean {
  try {
    return !Deno.readTextFileSync(`/proc/${pid}/stat`).includes(") Z ");
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
