import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { parseKubeconfig } from "./auth/mod.ts";

const MAIN = new URL("./main.ts", import.meta.url).pathname;
const decoder = new TextDecoder();
let directory: string;

function program(...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MAIN, ...args],
    stdout: "piped",
    stderr: "piped",
    stdin: "null",
  });
}

async function run(...args: string[]) {
  const { code, stdout, stderr } = await program(...args).output();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** The real program, its first line awaited, and a client with the administrator's token. */
async function start(...args: string[]) {
  const kubeconfig = `${directory}/kubeconfig`;
  const child = program("--listen", "127.0.0.1:0", "--write-kubeconfig", kubeconfig, ...args).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const errors = new Response(child.stderr).text();
  const line = (await reader.read()).value;
  if (line === undefined) throw new Error(`The control plane ended: ${await errors}`);
  const config = await parseKubeconfig(await Deno.readTextFile(kubeconfig), kubeconfig);
  const client = Deno.createHttpClient({ caCerts: [config.authority] });
  let ended = false;
  return {
    line,
    kubeconfig,
    config,
    ask(path: string, token: string | undefined = config.token): Promise<Response> {
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return fetch(`${config.server}${path}`, { client, headers });
    },
    async statusOf(path: string, token: string | undefined = config.token): Promise<number> {
      const { status, body } = await this.ask(path, token);
      await body?.cancel();
      return status;
    },
    /** Ends it and answers its exit code and what it wrote to standard output after the first line. */
    async stop(signal: Deno.Signal = "SIGTERM") {
      ended = true;
      child.kill(signal);
      const rest = (await reader.read()).value ?? "";
      const { code } = await child.status;
      await errors;
      return { code, rest };
    },
    async [Symbol.asyncDispose]() {
      if (!ended) await this.stop("SIGKILL");
      client.close();
    },
  };
}

describe("the control plane as a program", () => {
  beforeEach(async () => {
    directory = await Deno.makeTempDir();
  });
  afterEach(() => Deno.remove(directory, { recursive: true }));

  it("says in one line where it answers, and ends in order with a watch open", async () => {
    await using plane = await start("--data-dir", `${directory}/data`);
    const expected =
      `^control plane ready at ${plane.config.server} in \\d+ ms; kubectl --kubeconfig ${plane.kubeconfig} get`;
    assert.match(plane.line, new RegExp(expected));
    assert.equal(((await Deno.stat(plane.kubeconfig)).mode ?? 0) & 0o777, 0o600);
    assert.equal(await plane.statusOf("/readyz", undefined), 200);

    const watch = await plane.ask("/api/v1/configmaps?watch=true");
    assert.equal(watch.status, 200);
    const lines = watch.text().catch(() => "cut");
    assert.deepEqual(await plane.stop(), { code: 0, rest: "" });
    await lines;
  });

  it("keeps its identity, its token and its documents over a restart", async () => {
    await using first = await start("--data-dir", `${directory}/data`);
    const identity = await (await first.ask("/api/v1/namespaces/kube-system")).json();
    await first.stop("SIGKILL");
    await using second = await start("--data-dir", `${directory}/data`);
    assert.deepEqual([second.config.token, second.config.authority], [
      first.config.token,
      first.config.authority,
    ]);
    assert.deepEqual(await (await second.ask("/api/v1/namespaces/kube-system")).json(), identity);
  });

  it("makes tokens for servicelets, which count at once and until they are revoked", async () => {
    await using plane = await start("--data-dir", ":memory:");
    const file = `${directory}/site-1.token`;
    const { code, out, err } = await run(
      "token",
      "create",
      "site-1",
      "--kubeconfig",
      plane.kubeconfig,
      "--write",
      file,
    );
    assert.equal(code, 0, err);
    assert.match(out, /^servicelet_\S+\n$/);
    assert.equal(await Deno.readTextFile(file), out);
    assert.equal(await plane.statusOf("/api/v1/namespaces/kube-system", out.trim()), 200);
    assert.equal(await plane.statusOf("/api/v1/namespaces", out.trim()), 403);
    assert.equal(await plane.statusOf("/api/v1/namespaces", "servicelet_guess"), 401);

    const again = await run("token", "create", "site-1", "--kubeconfig", plane.kubeconfig);
    assert.deepEqual([again.code, again.out], [1, ""]);
    assert.match(
      again.err,
      /Cannot create a token for site-1: it has one; to revoke that one first: kubectl/,
    );
  });

  it("says what is wrong where it cannot start", async () => {
    await using plane = await start("--data-dir", `${directory}/data`);
    const address = new URL(plane.config.server).host;
    const cases: [string[], number, RegExp][] = [
      [
        ["--listen", address, "--data-dir", ":memory:"],
        1,
        /another process has the port: stop it, or choose another/,
      ],
      [["--data-dir", `${directory}/data`], 1, /Cannot open the data directory .*: process \d+ holds it/],
      [["--data-dir", "/proc/nowhere"], 1, /Cannot open the data directory \/proc\/nowhere/],
      [
        ["--data-dir", ":memory:", "--listen", "8443"],
        2,
        /--listen must be HOST:PORT such as .*: it was "8443"/,
      ],
      [["--data-dir", ":memory:", "--lisen", address], 2, /Unknown flag --lisen: did you mean --listen\?/],
      [
        [],
        2,
        /--data-dir is required: give --data-dir DIR or set the environment variable CONTROL_PLANE_DATA_DIR/,
      ],
    ];
    for (const [args, expected, message] of cases) {
      const { code, out, err } = await run(...args);
      assert.deepEqual([code, out], [expected, ""], err);
      assert.match(err, message);
    }
  });
});
