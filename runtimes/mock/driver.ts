import type { Clock, Random } from "@servicelet/shared/ports";
import {
  type Driver,
  type Exit,
  type Fingerprint,
  type Handle,
  type Prepared,
  type Task,
  TaskError,
} from "../driver.ts";
import { exitFrom } from "../process/exit.ts";
import { sha256 } from "../process/sha256.ts";
import { exitProcess, type MockMachine, mockMachine, rebootMachine, type VirtualProcess } from "./machine.ts";

/** One call of a driver's method, as a script sees it. */
export interface MockCall {
  /** Name of the method. */
  readonly method: keyof Omit<Driver, "kind" | "type">;
  /** Task, where the method has one. */
  readonly id: string;
}

/** What a mock does. */
export interface MockScript {
  /** For records and grace. */
  readonly clock: Clock;
  /** Names each start. */
  readonly random: Random;
  /** Default: ProcessApplication. */
  readonly kind?: string;
  /** Default: process. */
  readonly type?: string;
  /** Default: a machine of its own, on which nothing runs. */
  readonly machine?: MockMachine;
  /** Default: available. */
  readonly fingerprint?: Fingerprint;
  /** Runs before each call: may hold it by a promise, or throw what the call shall throw (a {@link TaskError}). */
  readonly before?: (call: MockCall) => void | Promise<void>;
}

/** A driver whose processes are virtual. */
export interface MockDriver extends Driver {
  /** What it works on. */
  readonly machine: MockMachine;
  /** Every call so far. */
  readonly calls: readonly MockCall[];
  /** Ends the process of a task as if by itself. */
  exit(id: string, code: number): void;
  /** Everything ends, and nobody sees how. */
  reboot(): void;
}

/** A driver for tests and simulation: starts nothing, keeps the contract. */
export function mockDriver(script: MockScript): MockDriver {
  const { clock, random, kind = "ProcessApplication", type = "process", machine = mockMachine() } = script;
  const calls: MockCall[] = [];
  const now = () => new Date(clock.now()).toISOString();
  const exitOf = (code: number) => exitFrom(code, { finishedAt: now(), outOfMemory: false });

  return {
    kind,
    type,
    machine,
    calls,
    exit: (id, code) => exitProcess(machine, id, exitOf(code)),
    reboot: () => rebootMachine(machine, now()),
    fingerprint: () =>
      told("fingerprint", "", () => script.fingerprint ?? { type, available: true, version: "mock" }),
    prepare: (task, signal) => told("prepare", task.id, () => prepare(task, signal)),
    start: (task, prepared) => told("start", task.id, () => start(task, prepared)),
    find: (id) => told("find", id, () => machine.runs.get(id)?.handle),
    recover: (handle) =>
      told("recover", handle.id, () => {
        const exit = exitNow(handle);
        return exit ? { state: "exited" as const, exit } : { state: "running" as const };
      }),
    wait: (handle, signal) => told("wait", handle.id, () => wait(handle, signal)),
    stop: (handle, graceMs) => told("stop", handle.id, () => stop(handle, graceMs)),
    probe: (handle, _probe, signal) =>
      told("probe", handle.id, () => {
        signal.throwIfAborted();
        return exitNow(handle) ? "nothing runs" : machine.behaviours.get(handle.id)?.unwell;
      }),
    rotate: (id) => told("rotate", id, () => {}),
    remove: (id) => told("remove", id, () => remove(id)),
  };

  async function told<T>(method: MockCall["method"], id: string, act: () => T | Promise<T>): Promise<T> {
    calls.push({ method, id });
    await script.before?.({ method, id });
    return await act();
  }

  function prepare({ document }: Task, signal: AbortSignal): Prepared {
    signal.throwIfAborted();
    const revision = sha256(JSON.stringify(document["spec"] ?? null)).slice(0, 16);
    return { version: 1, revision, argv: ["mock"], env: {} };
  }

  function start({ id }: Task, { revision }: Prepared): Handle {
    const previous = machine.runs.get(id);
    if (previous && !previous.exit) {
      if (previous.handle.revision === revision) return previous.handle;
      throw stillRunning(previous.handle, "start");
    }
    const pid = machine.nextPid++;
    const behaviour = machine.behaviours.get(id) ?? {};
    const handle: Handle = {
      version: 1,
      id,
      revision,
      run: random.uuid(),
      pid,
      startTime: String(pid * 10),
      bootId: machine.bootId,
      startedAt: now(),
    };
    machine.runs.set(id, {
      handle,
      ignoresTerm: behaviour.ignoresTerm ?? false,
      ended: Promise.withResolvers<Exit>(),
    });
    if (behaviour.exitsWith !== undefined) exitProcess(machine, id, exitOf(behaviour.exitsWith));
    return handle;
  }

  async function wait(handle: Handle, signal: AbortSignal): Promise<Exit> {
    signal.throwIfAborted();
    const exit = exitNow(handle);
    if (exit) return exit;
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort);
    try {
      return await Promise.race([running(handle)?.ended.promise ?? gone(), aborted.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async function stop(handle: Handle, graceMs: number): Promise<Exit> {
    const process = running(handle);
    if (process && !process.exit) {
      if (process.ignoresTerm) await clock.sleep(graceMs);
      exitProcess(machine, handle.id, exitOf(process.ignoresTerm ? 137 : 143));
    }
    return exitNow(handle) ?? gone();
  }

  function remove(id: string): void {
    const process = machine.runs.get(id);
    if (process && !process.exit) throw stillRunning(process.handle, "remove");
    machine.runs.delete(id);
  }

  /** Undefined while it runs. */
  function exitNow(handle: Handle): Exit | undefined {
    const process = running(handle);
    return process ? process.exit : gone();
  }

  function running(handle: Handle): VirtualProcess | undefined {
    const process = machine.runs.get(handle.id);
    return process?.handle.run === handle.run ? process : undefined;
  }

  function gone(): Exit {
    const message = "The process is gone and its exit code is unknown: its record was removed.";
    return { reason: "Lost", message, finishedAt: now() };
  }
}

function stillRunning({ id, pid }: Handle, verb: string): TaskError {
  const message = `Cannot ${verb} ${id}: process ${pid} still runs; stop it first`;
  return new TaskError("StillRunning", message, { terminal: false });
}
