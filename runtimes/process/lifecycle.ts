import type { Clock, Random } from "@servicelet/shared/ports";
import { type Driver, type Exit, type Handle, type Prepared, type Task, TaskError } from "../driver.ts";
import type { Files, Network, Processes } from "../ports.ts";
import type { Artifacts } from "./artifacts.ts";
import { oomKills } from "./cgroup.ts";
import { ExitWatch } from "./exit_watch.ts";
import { type Group, groupOf, RUN_VARIABLE } from "./group.ts";
import { parseStat } from "./identity.ts";
import { createLocks } from "./locks.ts";
import { rotateLog, type RotationLimits } from "./log_rotation.ts";
import { observeRuns } from "./observe_runs.ts";
import { exitDirectory, runPaths, taskPaths } from "./paths.ts";
import { attemptProbe } from "./probe.ts";
import {
  announceRun,
  currentRun,
  discardRun,
  exitRecord,
  handleOf,
  type Intent,
  type Run,
  sweepRuns,
} from "./runs.ts";
import { shimArguments } from "./shim.ts";
import { checkStart } from "./start_checks.ts";

/** What processes need from the machine. */
export interface LifecycleOptions {
  /** The driver's own directory, absolute. Several drivers may share it. */
  readonly directory: string;
  /** Where records and output are kept. */
  readonly files: Files;
  /** What is started and looked at. */
  readonly processes: Processes;
  /** For probes and ports. */
  readonly network: Network;
  /** For records, grace and probes. */
  readonly clock: Clock;
  /** Names each start. */
  readonly random: Random;
  /** Shared by the drivers of one directory. */
  readonly artifacts: Artifacts;
  /** Default: 5 files of 5 MB. */
  readonly logs?: RotationLimits;
}

/** The part of a driver that is the same for everything that runs as a process. */
export type Lifecycle = Omit<Driver, "kind" | "type" | "fingerprint" | "prepare">;

/** How often a run is looked at whose end is told by an event: only a killed shim tells nothing. */
const SAFETY_INTERVAL_MS = 5000;
/** How often a run is looked at whose end nobody tells, because its shim was killed. */
const UNTOLD_INTERVAL_MS = 250;

/** Starts processes under a shim, finds them again, waits for them and stops them. */
export function processLifecycle(options: LifecycleOptions): Lifecycle {
  const { directory, files, processes, network, clock, random, artifacts } = options;
  const locked = createLocks();
  const { recover, groupFor } = observeRuns(options);
  const exits = new ExitWatch(exitDirectory(directory), files);
  /** Ends of shims that this program started itself. */
  const shims = new Map<string, Promise<void>>();

  return {
    start: (task, prepared) => locked(task.id, () => start(task, prepared)),
    find: (id) => locked(id, () => find(id)),
    recover,
    wait,
    stop,
    probe: (_handle, probe, signal) => attemptProbe(probe, signal, { network, clock }),
    rotate: (id) => rotateLog(taskPaths(directory, id).log, files, options.logs),
    remove: (id) => locked(id, () => remove(id)),
  };

  async function start(task: Task, prepared: Prepared): Promise<Handle> {
    const paths = taskPaths(directory, task.id);
    const previous = await currentRun(paths, options);
    if (previous) {
      const handle = handleOf(previous);
      if ((await recover(handle)).state === "running") return sameRevision(handle, prepared);
      await endRemains(previous);
      await discardRun(paths, previous.intent.run, options);
    }
    await checkStart(prepared, { files, processes, network });
    const intent = await announce(task.id, prepared);
    const [run] = await Promise.all([
      launch(intent, prepared),
      sweepRuns(paths, intent.run, options),
      artifacts.keepOnly(task.id, prepared),
    ]);
    return handleOf(run);
  }

  /** Writes down what is about to be started. */
  async function announce(id: string, prepared: Prepared): Promise<Intent> {
    const paths = taskPaths(directory, id);
    const run = random.uuid();
    try {
      await Promise.all([
        files.makeDirectory(paths.work),
        files.makeDirectory(paths.log.slice(0, paths.log.lastIndexOf("/"))),
        files.makeDirectory(exitDirectory(directory)),
      ]);
      const intent: Intent = {
        version: 1,
        id,
        revision: prepared.revision,
        run,
        bootId: processes.bootId(),
        startedAt: new Date(clock.now()).toISOString(),
        logSize: (await files.facts(paths.log))?.size ?? 0,
        ...withOomKills(oomKills(processes)),
      };
      if (await announceRun(paths, intent, options)) return intent;
    } catch (cause) {
      await discardRun(paths, run, options);
      throw startFailed(prepared, cause);
    }
    throw cancelled(id);
  }

  /** Resolves when the workload's record is written. */
  async function launch(intent: Intent, prepared: Prepared): Promise<Run> {
    const paths = taskPaths(directory, intent.id);
    const { root } = runPaths(paths, intent.run);
    const argv = shimArguments(root, exitRecord(directory, intent.run), paths.log, prepared.argv);
    const env = { ...prepared.env, [RUN_VARIABLE]: intent.run };
    let shim;
    try {
      shim = processes.spawn(argv, prepared.workingDirectory ?? paths.work, env);
    } catch (cause) {
      await discardRun(paths, intent.run, options);
      throw startFailed(prepared, cause);
    }
    shims.set(intent.run, shim.ended.finally(() => shims.delete(intent.run)));
    const main = parseStat(await shim.firstLine ?? "");
    if (main) return { intent, main };
    // It said nothing, but may have been killed between its record and its word.
    const run = await currentRun(paths, options);
    if (run?.intent.run === intent.run) return run;
    if (run) throw cancelled(intent.id);
    throw new TaskError(
      "StartFailed",
      `Cannot start ${
        prepared.argv[0]
      }: its shim /bin/sh ended at once; is there space left in ${directory}?`,
      { terminal: false },
    );
  }

  async function find(id: string): Promise<Handle | undefined> {
    const run = await currentRun(taskPaths(directory, id), options);
    return run && handleOf(run);
  }

  async function wait(handle: Handle, signal: AbortSignal): Promise<Exit> {
    let bell = Promise.withResolvers<void>();
    const ring = () => bell.resolve();
    const shim = shims.get(handle.run);
    shim?.then(ring);
    // Armed before the first look: an end between the two is told by one of them.
    const silence = shim ? () => {} : exits.listen(handle.run, ring);
    try {
      for (;;) {
        signal.throwIfAborted();
        const recovered = await recover(handle);
        if (recovered.state === "exited") return recovered.exit;
        const isTold = shims.has(handle.run) ||
          (exits.isWatching && (await groupFor(handle))?.isShimAlive() === true);
        await until(bell.promise, isTold ? SAFETY_INTERVAL_MS : UNTOLD_INTERVAL_MS, signal);
        bell = Promise.withResolvers<void>();
      }
    } finally {
      silence();
    }
  }

  async function until(event: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
    const awake = new AbortController();
    try {
      await Promise.race([event, clock.sleep(ms, AbortSignal.any([signal, awake.signal]))]);
    } finally {
      awake.abort();
    }
  }

  async function stop(handle: Handle, graceMs: number): Promise<Exit> {
    const group = handle.bootId === processes.bootId() ? await groupFor(handle) : undefined;
    if (group) await end(group, graceMs);
    const recovered = await recover(handle);
    if (recovered.state === "exited") return recovered.exit;
    throw new Error(
      `Cannot stop process ${handle.pid} of ${handle.id}: it runs outside of the group it was started in`,
    );
  }

  async function end(group: Group, graceMs: number): Promise<void> {
    group.signal("SIGTERM");
    const deadline = clock.monotonic() + graceMs;
    for (let pause = 1; !group.isEmpty(); pause = Math.min(pause * 2, 20)) {
      if (clock.monotonic() >= deadline) {
        // A shim that somebody has stopped could not record the exit.
        group.signal("SIGCONT");
        group.kill();
      }
      await clock.sleep(Math.max(1, Math.min(pause, deadline - clock.monotonic())));
    }
  }

  /** What a workload that has ended left in its group would hold its ports for ever. */
  async function endRemains(run: Run): Promise<void> {
    if (run.intent.bootId === processes.bootId()) await end(groupOf(run.main, run.intent.run, processes), 0);
  }

  async function remove(id: string): Promise<void> {
    const paths = taskPaths(directory, id);
    const run = await currentRun(paths, options);
    if (run && (await recover(handleOf(run))).state === "running") {
      throw new TaskError(
        "StillRunning",
        `Cannot remove ${id}: process ${run.main.pid} still runs; stop it first`,
        {
          terminal: false,
        },
      );
    }
    if (run) {
      await endRemains(run);
      await discardRun(paths, run.intent.run, options);
    }
    await files.remove(paths.root);
    await artifacts.release(id);
  }
}

function sameRevision(handle: Handle, prepared: Prepared): Handle {
  if (handle.revision === prepared.revision) return handle;
  throw new TaskError(
    "StillRunning",
    `Cannot start ${handle.id}: process ${handle.pid} of another revision still runs; stop it first`,
    { terminal: false },
  );
}

function cancelled(id: string): TaskError {
  return new TaskError(
    "StartCancelled",
    `Cannot start ${id}: another servicelet works in the same directory`,
    {
      terminal: false,
    },
  );
}

function startFailed(prepared: Prepared, cause: unknown): TaskError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new TaskError("StartFailed", `Cannot start ${prepared.argv[0]}: ${why}`, { terminal: false, cause });
}

function withOomKills(count: number | undefined): { oomKills?: number } {
  return count === undefined ? {} : { oomKills: count };
}
