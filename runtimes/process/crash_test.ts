import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import type { Handle } from "../driver.ts";
import { killAll, realOptions, taskOf, until, workloads } from "../testdata/rig.ts";
import { denoProcesses } from "./deno_processes.ts";
import { processDriver } from "./driver.ts";
import { livingProcess, parseStat } from "./identity.ts";

const never = new AbortController().signal;
const MOMENTS = 20;

describe("a servicelet that is killed while it starts a process", () => {
  it(`leaves exactly one process, or none that could still come, at each of ${MOMENTS} moments`, async () => {
    let adopted = 0;
    for (let moment = 0; moment < MOMENTS; moment++) {
      await using directory = await workDirectory();
      const starter = start(directory.path);
      const reader = starter.stdout.getReader();
      await reader.read();
      // Spread over the start, which takes some 8 ms in a fresh program.
      await spin(moment * 0.5);
      starter.kill("SIGKILL");
      await starter.status;
      await reader.cancel();

      const driver = processDriver(realOptions(directory.path));
      const found = await driver.find(TASK.id);
      if (found) adopted++;
      const handle = await driver.start(TASK, await driver.prepare(TASK, never));
      if (found) assert.deepEqual(handle, found);
      assert.deepEqual(await driver.recover(handle), { state: "running" });
      // While a process becomes another program, its environment cannot be read.
      await until(() =>
        tasksIn(directory.path).includes(handle.pid) && tasksIn(directory.path).every(isSleep)
      );
      assert.deepEqual(tasksIn(directory.path), [handle.pid], `after ${moment * 0.5} ms`);
    }
    assert.ok(adopted > 0, "no moment came after the start");
  });
});

describe("a process whose servicelet was killed", () => {
  it("is adopted with the same pid, and its end is told within milliseconds", async () => {
    await using directory = await workDirectory();
    const starter = start(directory.path);
    const driver = processDriver(realOptions(directory.path));
    await until(() => tasksIn(directory.path).some(isSleep));
    starter.kill("SIGKILL");
    await starter.status;
    await starter.stdout.cancel();

    const handle = await driver.find(TASK.id);
    assert.ok(handle);
    assert.equal(livingProcess(handle.pid, denoProcesses)?.startTime, handle.startTime);
    const waiting = driver.wait(handle, never);
    Deno.kill(handle.pid, "SIGKILL");
    assert.equal((await waiting).code, 137);
  });
});

describe("a process whose shim was killed", () => {
  it("counts as running, is stopped like any other, and its exit is lost", async () => {
    await using directory = await workDirectory();
    const driver = processDriver(realOptions(directory.path));
    const handle = await driver.start(TASK, await driver.prepare(TASK, never));
    await killShim(handle);
    for (const other of [driver, processDriver(realOptions(directory.path))]) {
      assert.deepEqual(await other.recover(handle), { state: "running" });
      assert.deepEqual(await other.start(TASK, await other.prepare(TASK, never)), handle);
    }
    const waiting = driver.wait(handle, never);
    assert.equal((await driver.stop(handle, 5000)).reason, "Lost");
    assert.equal((await waiting).reason, "Lost");
    assert.deepEqual(tasksIn(directory.path), []);
  });

  it("is noticed by who waits when it ends by itself", async () => {
    await using directory = await workDirectory();
    const driver = processDriver(realOptions(directory.path));
    const handle = await driver.start(TASK, await driver.prepare(TASK, never));
    await killShim(handle);
    const waiting = driver.wait(handle, never);
    Deno.kill(handle.pid, "SIGKILL");
    const exit = await waiting;
    assert.equal(exit.reason, "Lost");
    assert.match(exit.message, /shim .* was killed/);
  });
});

describe("a pid that belongs to somebody else by now", () => {
  it("is not taken for the process, and is not touched", async () => {
    await using directory = await workDirectory();
    const driver = processDriver(realOptions(directory.path));
    const stranger = new Deno.Command("sleep", { args: ["1000"], detached: true }).spawn();
    const startTime = parseStat(denoProcesses.stat(stranger.pid) ?? "")?.startTime;
    const handle: Handle = {
      version: 1,
      id: TASK.id,
      revision: "r",
      run: "gone",
      pid: stranger.pid,
      startTime: String(Number(startTime) - 1),
      bootId: denoProcesses.bootId(),
      startedAt: "2026-01-01T00:00:00.000Z",
    };
    assert.equal((await driver.recover(handle)).state, "exited");
    assert.equal((await driver.stop(handle, 0)).reason, "Lost");
    assert.ok(livingProcess(stranger.pid, denoProcesses));
    stranger.kill("SIGKILL");
    await stranger.status;
  });
});

describe("a machine that was rebooted", () => {
  it("has lost the process, says so, and starts it anew", async () => {
    await using directory = await workDirectory();
    const driver = processDriver(realOptions(directory.path));
    const before = await driver.start(TASK, await driver.prepare(TASK, never));
    await killAll(directory.path);
    // What a power loss leaves of records that were never synced.
    for await (const { name } of Deno.readDir(`${directory.path}/exits`)) {
      await Deno.truncate(`${directory.path}/exits/${name}`);
    }
    const processes = { ...denoProcesses, bootId: () => "another boot" };
    const after = processDriver({ ...realOptions(directory.path), processes });
    const recovered = await after.recover(before);
    assert.ok(recovered.state === "exited");
    assert.equal(recovered.exit.reason, "Lost");
    assert.match(recovered.exit.message, /rebooted/);
    const again = await after.start(TASK, await after.prepare(TASK, never));
    assert.notEqual(again.run, before.run);
    assert.equal(again.bootId, "another boot");
  });
});

describe("a child that outlives the program it belongs to", () => {
  it("is ended before the next start", async () => {
    await using directory = await workDirectory();
    const driver = processDriver(realOptions(directory.path));
    const task = taskOf("ProcessApplication", "app", { command: ["sh", "-c", "sleep 1000 & exit 4"] });
    const prepared = await driver.prepare(task, never);
    const first = await driver.start(task, prepared);
    assert.equal((await driver.wait(first, never)).code, 4);
    assert.equal(workloads(first.run).length, 1);
    const second = await driver.start(task, prepared);
    assert.deepEqual(workloads(first.run), []);
    await driver.wait(second, never);
    await driver.stop(second, 0);
    assert.deepEqual(workloads(second.run), []);
  });
});

const TASK = taskOf("ProcessApplication", "app", { command: ["sleep", "1000"] });

function start(directory: string): Deno.ChildProcess {
  const script = new URL("../testdata/starter.ts", import.meta.url).pathname;
  const args = ["run", "--no-check", "-A", script, directory];
  return new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "null" }).spawn();
}

/** Pids of workloads below the directory, shims excluded. */
function tasksIn(directory: string): number[] {
  return denoProcesses.pids().filter((pid) =>
    livingProcess(pid, denoProcesses) &&
    denoProcesses.environment(pid)?.includes(
      `HOME=${directory}/tasks/processapplications_default_app/work`,
    ) &&
    !denoProcesses.kernelFile(`/proc/${pid}/cmdline`)?.includes("servicelet-shim")
  );
}

function isSleep(pid: number): boolean {
  return denoProcesses.kernelFile(`/proc/${pid}/comm`)?.trim() === "sleep";
}

async function killShim(handle: Handle): Promise<void> {
  const shim = parseStat(denoProcesses.stat(handle.pid) ?? "")?.group ?? 0;
  assert.ok(shim > 1 && shim !== handle.pid);
  Deno.kill(shim, "SIGKILL");
  await until(() => !livingProcess(shim, denoProcesses));
}

/** Milliseconds too few for a timer. */
async function spin(ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) await Promise.resolve();
}

function workDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = Deno.makeTempDirSync({ prefix: "servicelet-crash-" });
  return Promise.resolve({
    path,
    async [Symbol.asyncDispose]() {
      await killAll(path);
      await Deno.remove(path, { recursive: true });
    },
  });
}
