/** What the servicelet's core asks of a runtime: the core decides *when*, the driver knows *how*.
 *
 * @module
 */
import type { KubeObject } from "@servicelet/shared/krm";
import type { Probe } from "@servicelet/shared/kinds";

/** What a driver found on this machine. */
export interface Fingerprint {
  /** Runtime type such as `process` or `jvm`. */
  readonly type: string;
  /** True where it can run something here. */
  readonly available: boolean;
  /** Version of what runs things: of the newest Java, of the kernel. */
  readonly version?: string;
  /** Why it is not available, and what to do. */
  readonly message?: string;
  /** JDKs found; only of the `jvm` runtime. */
  readonly jdks?: readonly { readonly home: string; readonly version: string; readonly feature: number }[];
}

/** One capability to run. */
export interface Task {
  /** `{plural}/{namespace}/{name}`, unique on this runtime. */
  readonly id: string;
  /** As the control plane has validated it. */
  readonly document: KubeObject;
}

/** Everything a start needs, fetched and verified. Plain JSON: it is kept on disk, so that a reboot needs no network. */
export interface Prepared {
  /** Version of this record's shape. */
  readonly version: 1;
  /** Digest of everything that makes a difference to what runs; the same document gives the same. */
  readonly revision: string;
  /** Program and arguments, resolved. */
  readonly argv: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; absent: the task's own directory. */
  readonly workingDirectory?: string;
  /** Driver's own. */
  readonly [field: string]: unknown;
}

/** How to find again what was started, after a restart of the servicelet. Plain JSON, kept on disk. */
export interface Handle {
  /** Version of this record's shape. */
  readonly version: 1;
  /** Of the task. */
  readonly id: string;
  /** Of what was prepared. */
  readonly revision: string;
  /** Distinguishes each start, also of the same revision. */
  readonly run: string;
  /** Of the program itself, not of what supervises it. */
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: with pid and boot id the identity of a process. */
  readonly startTime: string;
  /** Changes with each boot of the machine. */
  readonly bootId: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

/** How a process ended. */
export interface Exit {
  /** 128 + signal number where a signal ended it; absent where nobody could see it (reboot, shim killed). */
  readonly code?: number;
  /** Such as `SIGKILL`; only where a signal ended it. */
  readonly signal?: string;
  /** `Completed`, `Error`, `Signaled`, `OutOfMemory`, `Lost`. */
  readonly reason: string;
  /** For people: what happened, and what to do. */
  readonly message: string;
  /** RFC 3339. */
  readonly finishedAt: string;
}

/** What became of a handle. */
export type Recovered = { readonly state: "running" } | { readonly state: "exited"; readonly exit: Exit };

/** One runtime. Every method may be called again after a crash at any point. */
export interface Driver {
  /** Kind of document it runs, such as `ProcessApplication`. */
  readonly kind: string;
  /** Runtime type such as `process`. */
  readonly type: string;
  /** Looks at the machine. Never throws. */
  fingerprint(): Promise<Fingerprint>;
  /** Fetches and verifies everything that a start needs; touches nothing that runs.
   *
   * @throws {TaskError} with the reason for the condition */
  prepare(task: Task, signal: AbortSignal): Promise<Prepared>;
  /** Starts it, detached, so that it outlives the servicelet. Gives back the running process where one of the same revision runs already;
   * ends what a finished run has left in its group; removes nothing of an earlier run but its records.
   *
   * @throws {TaskError} it could not be started (no such program, port in use); StillRunning: another revision runs, stop it first */
  start(task: Task, prepared: Prepared): Promise<Handle>;
  /** The last run of `id` on this machine, whoever started it; used where a crash came between start and saving the handle. It may have
   * ended meanwhile (`recover` tells): its exit is not lost. Undefined after `remove`, and where a start never took place. */
  find(id: string): Promise<Handle | undefined>;
  /** Whether what the handle names still runs. Never kills. */
  recover(handle: Handle): Promise<Recovered>;
  /** Resolves when it ends, also when it was started by an earlier servicelet. Rejects with the signal's reason on abort. */
  wait(handle: Handle, signal: AbortSignal): Promise<Exit>;
  /** SIGTERM to the group, after `graceMs` SIGKILL. Resolves when every process of the group is gone, also one that outlived the
   * program that was started; at once where there is none. */
  stop(handle: Handle, graceMs: number): Promise<Exit>;
  /** One attempt of a probe. Resolves with undefined when well, else with what was wrong. */
  probe(handle: Handle, probe: Probe, signal: AbortSignal): Promise<string | undefined>;
  /** Rotates output files that are above the limit. Called now and then. */
  rotate(id: string): Promise<void>;
  /** Removes everything kept on disk for a task that is stopped.
   *
   * @throws {TaskError} StillRunning */
  remove(id: string): Promise<void>;
}

/** A task cannot be prepared or started. Becomes a condition. */
export class TaskError extends Error {
  /** Always `TaskError`. */
  override readonly name = "TaskError";
  /** Says for people what cannot be done and what to do.
   *
   * @param reason CamelCase reason of the condition
   * @param message message of the condition
   * @param options `terminal`: true where trying again cannot help before the document changes
   */
  constructor(
    readonly reason: string,
    message: string,
    options: { readonly terminal: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.terminal = options.terminal;
  }
  /** True where only a changed document helps. */
  readonly terminal: boolean;
}
