/** What every driver keeps of the contract in `driver.ts`, as tests.
 *
 * @module
 */
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import type { Driver, Handle, Task } from "./driver.ts";
import { TaskError } from "./driver.ts";

/** What a task does when it runs. */
export type Conduct =
  | "runs until SIGTERM"
  | "ignores SIGTERM"
  | "ends with code 7"
  | "has a child that ignores SIGTERM";

/** A machine to try a driver on. */
export interface DriverRig extends AsyncDisposable {
  /** A new driver on the same machine and directory, as a restarted servicelet makes one. */
  driver(): Driver;
  /** A task that behaves so. */
  task(name: string, conduct: Conduct): Task;
  /** Ends the workload itself from outside, with SIGKILL. */
  kill(handle: Handle): void;
  /** Resolves once the workload behaves as its conduct says (handlers set up, children there). */
  settled(handle: Handle): Promise<void>;
  /** Pids of everything that runs for the task, the shim excluded. */
  pids(handle: Handle): number[];
}

const GRACE_MS = 5000;

/** Registers the suite for one driver. */
export function driverConformance(name: string, make: () => Promise<DriverRig>): void {
  describe(`the driver ${name}`, () => {
    let rig: DriverRig;
    let driver: Driver;
    const never = new AbortController().signal;

    beforeEach(async () => {
      rig = await make();
      driver = rig.driver();
    });
    afterEach(async () => await rig[Symbol.asyncDispose]());

    async function started(conduct: Conduct, task = rig.task("app", conduct)) {
      const handle = await driver.start(task, await driver.prepare(task, never));
      await rig.settled(handle);
      return { task, handle };
    }

    it("says what it found on the machine", async () => {
      const { type, available } = await driver.fingerprint();
      assert.deepEqual({ type, available }, { type: driver.type, available: true });
    });

    it("prepares the same document to the same revision, another one to another", async () => {
      const revisionOf = async (task: Task) => (await driver.prepare(task, never)).revision;
      const task = rig.task("app", "runs until SIGTERM");
      assert.equal(await revisionOf(task), await revisionOf(structuredClone(task)));
      assert.notEqual(await revisionOf(task), await revisionOf(rig.task("app", "ends with code 7")));
    });

    it("keeps plain JSON in what it prepares and in handles", async () => {
      const task = rig.task("app", "runs until SIGTERM");
      const prepared = await driver.prepare(task, never);
      assert.deepEqual(JSON.parse(JSON.stringify(prepared)), prepared);
      const handle = await driver.start(task, JSON.parse(JSON.stringify(prepared)));
      assert.deepEqual(JSON.parse(JSON.stringify(handle)), handle);
      await driver.stop(JSON.parse(JSON.stringify(handle)), GRACE_MS);
    });

    it("finds nothing before a start", async () => {
      assert.equal(await driver.find("things/default/none"), undefined);
    });

    it("starts one process, which runs, and finds it", async () => {
      const { task, handle } = await started("runs until SIGTERM");
      assert.deepEqual(await driver.recover(handle), { state: "running" });
      assert.deepEqual(await driver.find(task.id), handle);
      assert.deepEqual(rig.pids(handle), [handle.pid]);
    });

    it("gives the running process back when it is started again", async () => {
      const { task, handle } = await started("runs until SIGTERM");
      const prepared = await driver.prepare(task, never);
      assert.deepEqual(await driver.start(task, prepared), handle);
      const both = await Promise.all([driver.start(task, prepared), driver.start(task, prepared)]);
      assert.deepEqual(both, [handle, handle]);
    });

    it("starts one process for two calls at once", async () => {
      const task = rig.task("app", "runs until SIGTERM");
      const prepared = await driver.prepare(task, never);
      const [first, second] = await Promise.all([driver.start(task, prepared), driver.start(task, prepared)]);
      assert.deepEqual(first, second);
    });

    it("refuses to start another revision beside the running one", async () => {
      const { handle } = await started("runs until SIGTERM");
      const other = rig.task("app", "ignores SIGTERM");
      const prepared = await driver.prepare(other, never);
      await assert.rejects(driver.start(other, prepared), (error: unknown) => {
        assert.ok(error instanceof TaskError);
        assert.equal(error.reason, "StillRunning");
        return true;
      });
      assert.deepEqual(await driver.recover(handle), { state: "running" });
    });

    it("tells an exit code to who waits", async () => {
      const { handle } = await started("ends with code 7");
      const exit = await driver.wait(handle, never);
      assert.equal(exit.code, 7);
      assert.equal(exit.reason, "Error");
      assert.match(exit.finishedAt, /^\d{4}-\d\d-\d\dT/);
      assert.deepEqual(await driver.wait(handle, never), exit);
      assert.deepEqual(await driver.recover(handle), { state: "exited", exit });
    });

    it("keeps the exit code while nobody watches, also over a restart", async () => {
      const { task, handle } = await started("ends with code 7");
      await driver.wait(handle, never);
      const next = rig.driver();
      assert.deepEqual(await next.find(task.id), handle);
      const recovered = await next.recover(handle);
      assert.equal(recovered.state === "exited" && recovered.exit.code, 7);
    });

    it("tells that a signal ended the process", async () => {
      const { handle } = await started("runs until SIGTERM");
      const waiting = driver.wait(handle, never);
      rig.kill(handle);
      const { code, signal, reason } = await waiting;
      assert.deepEqual({ code, signal, reason }, { code: 137, signal: "SIGKILL", reason: "Signaled" });
    });

    it("adopts a running process after a restart and sees its end", async () => {
      const { task, handle } = await started("runs until SIGTERM");
      const next = rig.driver();
      assert.deepEqual(await next.find(task.id), handle);
      assert.deepEqual(await next.recover(handle), { state: "running" });
      const waiting = next.wait(handle, never);
      rig.kill(handle);
      assert.equal((await waiting).code, 137);
    });

    it("starts no second process after a restart", async () => {
      const { task, handle } = await started("runs until SIGTERM");
      const next = rig.driver();
      assert.deepEqual(await next.start(task, await next.prepare(task, never)), handle);
      assert.deepEqual(rig.pids(handle), [handle.pid]);
    });

    it("stops waiting when told, and leaves the process alone", async () => {
      const { handle } = await started("runs until SIGTERM");
      const stop = new AbortController();
      const waiting = driver.wait(handle, stop.signal);
      stop.abort(new Error("enough"));
      await assert.rejects(waiting, /enough/);
      assert.deepEqual(await driver.recover(handle), { state: "running" });
    });

    it("stops with SIGTERM within the grace period; stopping again gives the same", async () => {
      const { handle } = await started("runs until SIGTERM");
      const exit = await driver.stop(handle, GRACE_MS);
      assert.equal(exit.code, 143);
      assert.deepEqual(rig.pids(handle), []);
      assert.deepEqual(await driver.stop(handle, GRACE_MS), exit);
      assert.deepEqual(await driver.wait(handle, never), exit);
    });

    it("kills what ignores SIGTERM after the grace period", async () => {
      const { handle } = await started("ignores SIGTERM");
      const { code, signal } = await driver.stop(handle, 50);
      assert.deepEqual({ code, signal }, { code: 137, signal: "SIGKILL" });
      assert.deepEqual(rig.pids(handle), []);
    });

    it("stops children too", async () => {
      const { handle } = await started("has a child that ignores SIGTERM");
      await driver.stop(handle, 50);
      assert.deepEqual(rig.pids(handle), []);
    });

    it("stops after a restart what was started before", async () => {
      const { handle } = await started("runs until SIGTERM");
      assert.equal((await rig.driver().stop(handle, GRACE_MS)).code, 143);
    });

    it("starts again after an end, as another run", async () => {
      const { task, handle } = await started("ends with code 7");
      await driver.wait(handle, never);
      const again = await driver.start(task, await driver.prepare(task, never));
      assert.notEqual(again.run, handle.run);
      assert.equal((await driver.wait(again, never)).code, 7);
      const lost = await driver.recover(handle);
      assert.equal(lost.state === "exited" && lost.exit.reason, "Lost");
    });

    it("removes nothing that runs, everything that was stopped, and nothing twice", async () => {
      const { task, handle } = await started("runs until SIGTERM");
      await assert.rejects(driver.remove(task.id), /still runs/);
      await driver.stop(handle, GRACE_MS);
      await driver.remove(task.id);
      assert.equal(await driver.find(task.id), undefined);
      await driver.remove(task.id);
      assert.equal((await driver.stop(handle, GRACE_MS)).reason, "Lost");
    });

    it("rotates without a word where there is nothing to rotate", async () => {
      await driver.rotate("things/default/none");
    });

    it("does not prepare once told to stop", async () => {
      const stop = new AbortController();
      stop.abort(new Error("enough"));
      await assert.rejects(driver.prepare(rig.task("app", "runs until SIGTERM"), stop.signal), /enough/);
    });
  });
}
