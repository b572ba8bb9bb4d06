import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import { type Driver, TaskError } from "../driver.ts";
import type { Files } from "../ports.ts";
import { killAll, realOptions, taskOf, until } from "../testdata/rig.ts";
import { denoFiles } from "./deno_files.ts";
import { denoProcesses } from "./deno_processes.ts";
import { processDriver } from "./driver.ts";
import { parseStat } from "./identity.ts";

const never = new AbortController().signal;

describe("what a process finds around it", () => {
  let directory: string;
  let driver: Driver;
  let log: string;

  beforeEach(() => {
    directory = Deno.makeTempDirSync({ prefix: "servicelet-around-" });
    driver = processDriver({ ...realOptions(directory), logs: { files: 3, bytes: 1000 } });
    log = `${directory}/tasks/processapplications_default_app/log/output.log`;
  });
  afterEach(async () => {
    await killAll(directory);
    await Deno.remove(directory, { recursive: true });
  });

  async function started(spec: unknown) {
    const task = taskOf("ProcessApplication", "app", spec);
    return { task, handle: await driver.start(task, await driver.prepare(task, never)) };
  }

  it("gets its arguments as they are, its ports and its variables, and nothing of the servicelet's", async () => {
    Deno.env.set("SECRET_OF_THE_SERVICELET", "x");
    const { handle } = await started({
      command: ["sh", "-c", 'printf "%s|" "$@"; pwd; env; cat', "name"],
      args: ["two words", "", "$HOME;'\"*"],
      env: [{ name: "GREETING", value: "hello\nworld" }],
      ports: [{ name: "http-admin", port: 41999 }],
    });
    assert.equal((await driver.wait(handle, never)).code, 0);
    Deno.env.delete("SECRET_OF_THE_SERVICELET");
    const output = await Deno.readTextFile(log);
    const home = `${directory}/tasks/processapplications_default_app/work`;
    assert.ok(output.startsWith(`two words||$HOME;'"*|${home}\n`), output);
    assert.match(output, /^PORT_HTTP_ADMIN=41999$/m);
    assert.match(output, /^GREETING=hello\nworld$/m);
    assert.match(output, new RegExp(`^HOME=${home}$`, "m"));
    assert.doesNotMatch(output, /SECRET/);
  });

  it("stands in a session and group of its own, with every signal at its default", async () => {
    const { handle } = await started({ command: ["sleep", "1000"] });
    await until(() => denoProcesses.kernelFile(`/proc/${handle.pid}/comm`)?.trim() === "sleep");
    const stat = parseStat(denoProcesses.stat(handle.pid) ?? "");
    const own = parseStat(denoProcesses.stat(Deno.pid) ?? "");
    assert.ok(stat && own && stat.session !== own.session && stat.group === stat.session);
    const status = denoProcesses.kernelFile(`/proc/${handle.pid}/status`) ?? "";
    // Signals 32 and 33 are the C library's own: no program can change what it was started with (signal(7)).
    const STANDARD_SIGNALS = 0x7fffffffn;
    for (const set of ["SigBlk", "SigIgn"]) {
      const mask = new RegExp(`^${set}:\\t([0-9a-f]+)$`, "m").exec(status)?.[1];
      assert.equal(BigInt(`0x${mask}`) & STANDARD_SIGNALS, 0n, `${set} ${mask}`);
    }
  });

  it("has a shim that takes at most a quarter of a megabyte of its own", async () => {
    const { handle } = await started({ command: ["sleep", "1000"] });
    const shim = parseStat(denoProcesses.stat(handle.pid) ?? "")?.group;
    // Not the whole PSS: how much of the shell's and the C library's text it counts depends on who else runs them.
    const own = Number(
      /^Pss_Anon:\s+(\d+) kB/m.exec(denoProcesses.kernelFile(`/proc/${shim}/smaps_rollup`) ?? "")?.[1],
    );
    assert.ok(own > 0 && own <= 256, `${own} kB`);
  });

  it("writes on into its log after a rotation, which keeps the end of it and so many files", async () => {
    const { task, handle } = await started({
      command: [
        "sh",
        "-c",
        "i=0; while [ $i -lt 400 ]; do echo line $i; i=$((i+1)); done; sleep 1000 & wait; exit",
      ],
    });
    await until(() => denoProcesses.kernelFile(log)?.includes("line 399") === true);
    await driver.rotate(task.id);
    assert.equal((await Deno.stat(log)).size, 0);
    assert.equal((await Deno.stat(`${log}.1`)).size, 1000);
    assert.ok((await Deno.readTextFile(`${log}.1`)).endsWith("line 399\n"));
    await driver.stop(handle, 0);
    for (let i = 0; i < 4; i++) {
      const again = await started({ command: ["sh", "-c", "seq 1 1000; exit 9"] });
      assert.match((await driver.wait(again.handle, never)).message, /code 9.* last output: 1000$/);
      await driver.rotate(task.id);
    }
    const names = (await denoFiles.list(log.slice(0, log.lastIndexOf("/")))).sort();
    assert.deepEqual(names, ["output.log", "output.log.1", "output.log.2"]);
  });

  it("says what a probe found wrong", async () => {
    const { handle } = await started({ command: ["sleep", "1000"] });
    const answered = Promise.withResolvers<void>();
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/slow") await answered.promise;
      return new Response(null, { status: pathname === "/bad" ? 503 : pathname === "/moved" ? 302 : 204 });
    });
    const { port } = server.addr;
    const timing = { initialDelaySeconds: 0, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 };
    const get = (path: string) => driver.probe(handle, { httpGet: { path, port }, ...timing }, never);
    assert.equal(await get("/"), undefined);
    assert.equal(await get("/moved"), undefined);
    assert.match(await get("/bad") ?? "", /GET http:\/\/127\.0\.0\.1:\d+\/bad answered 503/);
    assert.match(await get("/slow") ?? "", /no answer within 1 s/);
    answered.resolve();
    assert.equal(await driver.probe(handle, { tcpSocket: { port }, ...timing }, never), undefined);
    assert.match(
      await driver.probe(handle, { tcpSocket: { port: 1 }, ...timing }, never) ?? "",
      /nothing listens on port 1/,
    );
  });
});

describe("a disk without space", () => {
  it("refuses to start with a reason, leaves nothing behind, and starts once there is space", async () => {
    const directory = await Deno.makeTempDir({ prefix: "servicelet-full-" });
    let full = true;
    const files: Files = {
      ...denoFiles,
      write: (path, text) =>
        full
          ? Promise.reject(new Error("No space left on device (os error 28)"))
          : denoFiles.write(path, text),
    };
    const driver = processDriver({ ...realOptions(directory), files });
    const task = taskOf("ProcessApplication", "app", { command: ["sh", "-c", "exit 6"] });
    const prepared = await driver.prepare(task, never);
    await assert.rejects(driver.start(task, prepared), (error: unknown) => {
      assert.ok(error instanceof TaskError);
      assert.equal(error.reason, "StartFailed");
      assert.match(error.message, /No space left/);
      return true;
    });
    assert.equal(await driver.find(task.id), undefined);
    full = false;
    const handle = await driver.start(task, prepared);
    assert.equal((await driver.wait(handle, never)).code, 6);
    assert.equal((await denoFiles.list(`${directory}/tasks/processapplications_default_app/runs`)).length, 1);
    await Deno.remove(directory, { recursive: true });
  });
});
