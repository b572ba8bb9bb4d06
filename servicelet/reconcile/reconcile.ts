import { type Driver, type Exit, type Handle, TaskError } from "@servicelet/runtimes";
import type { ProcessSpec } from "@servicelet/shared/kinds";
import type { Clock, Log } from "@servicelet/shared/ports";
import type { Next } from "@servicelet/shared/reconcile";
import type { Capabilities, Capability } from "../state/mod.ts";
import { noteExit, noteStop } from "./exits.ts";
import { afterFailedStart, afterRestart, decideRestart } from "./restart_policy.ts";
import type { Runs } from "./runs.ts";
import { untilAborted } from "./until_aborted.ts";

const ABSENT_MS = 10_000;

/** What a reconcile works with. */
export interface ReconcilePorts {
  readonly capabilities: Capabilities;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly log: Log;
  readonly bootId: string;
  /** Asks for the document to be prepared, see {@link Preparation}. */
  readonly prepare: (id: string) => void;
  /** Tells that a condition changed. */
  readonly report: (id: string) => void;
  /** Takes our finalizer from a document. Resolves to false where the control plane is away: then try again. */
  readonly letGo: (capability: Capability, signal: AbortSignal) => Promise<boolean>;
}

/** Brings what runs for one capability in line with what is known of its document. Needs no network but to let a deleted document go.
 * Level-triggered: safe to call at any time, after any crash. */
export async function reconcileCapability(
  id: string,
  ports: ReconcilePorts,
  signal: AbortSignal,
): Promise<Next | void> {
  const capability = ports.capabilities.get(id);
  if (!capability) return;
  const { record } = capability;
  const driver = ports.drivers.get(record.desired.kind);
  if (!capability.adopted) await adopt(capability, driver, ports);

  if (record.fate !== "run") return tearDown(capability, driver, ports, signal);
  if (!driver || !record.prepared) return;

  if (capability.running && capability.unhealthy !== undefined) {
    await stopUnhealthy(capability, driver, ports, signal);
  }
  const { prepared } = record;
  if (capability.running && capability.running.revision !== prepared.revision) {
    await stop(capability, capability.running, driver, ports, signal);
    // While it stopped, everything may have become different.
    return await reconcileCapability(id, ports, signal);
  }
  if (!capability.running) return startWhenDue(capability, driver, ports);
  ports.runs.attend(capability, driver);
}

/** Finds what an earlier servicelet started, also where it died between the start and writing it down. */
async function adopt(
  capability: Capability,
  driver: Driver | undefined,
  { capabilities, bootId, clock, report }: ReconcilePorts,
): Promise<void> {
  const { record } = capability;
  // What exists counts more than what was written down; both where only one is known.
  const handle = await driver?.find(record.id) ?? record.handle;
  if (driver && handle && handle.run !== record.ended?.run) {
    const recovered = await driver.recover(handle);
    if (recovered.state === "running") {
      capability.running = handle;
      capability.findings.started = started(handle);
    } else {
      noteExit(capability, handle, recovered.exit, { now: clock.now(), bootId });
    }
    if (handle.run !== record.handle?.run) {
      if (recovered.state === "running") record.handle = handle;
      void capabilities.save(record.id);
    }
  }
  capability.adopted = true;
  report(record.id);
}

async function startWhenDue(
  capability: Capability,
  driver: Driver,
  ports: ReconcilePorts,
): Promise<Next | void> {
  const { record } = capability;
  const { restartPolicy = "Always" }: Partial<ProcessSpec> = record.desired.spec;
  const ended = record.ended?.revision === record.prepared?.revision ? record.ended : undefined;
  const decision = decideRestart(ended ? restartPolicy : "Always", {
    completed: ended?.exit.reason === "Completed",
    history: record.history,
    now: ports.clock.now(),
  });
  if (decision.action === "start") return await start(capability, driver, ports, ended !== undefined);

  if (decision.action === "wait" && capability.startFailed) return { requeueAfterMs: decision.ms };

  // A restart of the servicelet has not seen the end, but wrote it down.
  const exit = ended?.exit;
  const next = decision.action === "wait"
    ? `next start in ${Math.ceil(decision.ms / 1000)} s`
    : `restartPolicy is ${restartPolicy}: it is not started again`;
  const finding = {
    status: "False",
    reason: decision.action === "wait" ? "BackingOff" : exit?.reason ?? "Completed",
    message: `${
      describe(exit) ?? capability.findings.started?.message ?? "It could not be started"
    }; ${next}`,
  } as const;
  capability.findings.started = finding;
  capability.findings.ready = finding;
  ports.report(record.id);
  if (decision.action === "wait") return { requeueAfterMs: decision.ms };
}

async function start(
  capability: Capability,
  driver: Driver,
  ports: ReconcilePorts,
  again: boolean,
): Promise<Next | void> {
  const { capabilities, runs, clock, log, report, prepare } = ports;
  const { record } = capability;
  const { id, prepared, desired } = record;
  if (!prepared) return;
  try {
    const handle = await driver.start({ id, document: desired }, prepared);
    capability.running = handle;
    capability.startFailed = false;
    record.handle = handle;
    if (again) record.history = afterRestart(record.history);
    capability.findings.started = started(handle);
    capability.findings.ready = starting;
    runs.attend(capability, driver);
    report(id);
    void capabilities.save(id);
  } catch (error) {
    const terminal = error instanceof TaskError && error.terminal;
    if (!(error instanceof TaskError)) log.error("Starting failed in an unexpected way", { id, error });
    capability.startFailed = true;
    // Perhaps what was prepared is there no more: it is looked at again before the next attempt.
    record.preparedFor = undefined;
    record.history = afterFailedStart(record.history, clock.now());
    const waitMs = record.history.retryAt - clock.now();
    const next = terminal ? "change the document" : `next start in ${Math.ceil(waitMs / 1000)} s`;
    const finding = {
      status: "False",
      reason: error instanceof TaskError ? error.reason : "StartFailed",
      message: `${error instanceof Error ? error.message : String(error)}; ${next}`,
    } as const;
    capability.findings.started = finding;
    capability.findings.ready = finding;
    report(id);
    void capabilities.save(id);
    if (terminal) return;
    prepare(id);
    return { requeueAfterMs: waitMs };
  }
}

async function tearDown(
  capability: Capability,
  driver: Driver | undefined,
  ports: ReconcilePorts,
  signal: AbortSignal,
): Promise<Next | void> {
  const { record } = capability;
  const { id } = record;
  // The document may come back while any of this takes its time.
  const wantedAgain = () => record.fate === "run";
  if (capability.running && driver) {
    await stop(capability, capability.running, driver, ports, signal);
  }
  if (wantedAgain()) return await reconcileCapability(id, ports, signal);
  await driver?.remove(id);
  if (record.fate === "remove" && !await ports.letGo(capability, signal)) {
    return { requeueAfterMs: ABSENT_MS };
  }
  if (wantedAgain()) return await reconcileCapability(id, ports, signal);
  await ports.capabilities.forget(id);
}

/** Stops a run on purpose. The wait ends with the servicelet, the stopping process does not. */
async function stop(
  capability: Capability,
  handle: Handle,
  driver: Driver,
  { runs, report, capabilities }: ReconcilePorts,
  signal: AbortSignal,
): Promise<Exit> {
  const { id, desired } = capability.record;
  const { terminationGracePeriodSeconds: grace = 30 }: Partial<ProcessSpec> = desired.spec;
  runs.leave(id);
  const finding = {
    status: "False",
    reason: "Stopping",
    message: `Process ${handle.pid} has ${grace} s to end`,
  } as const;
  capability.findings.ready = finding;
  report(id);
  const exit = await untilAborted(driver.stop(handle, grace * 1000), signal);
  noteStop(capability);
  const stopped = {
    status: "False",
    reason: "Stopped",
    message: `Process ${handle.pid} was stopped`,
  } as const;
  capability.findings.started = stopped;
  capability.findings.ready = stopped;
  void capabilities.save(id);
  return exit;
}

async function stopUnhealthy(
  capability: Capability,
  driver: Driver,
  ports: ReconcilePorts,
  signal: AbortSignal,
): Promise<void> {
  const { running: handle, unhealthy } = capability;
  if (!handle) return;
  const exit = await stop(capability, handle, driver, ports, signal);
  const { clock, bootId, report, capabilities } = ports;
  noteExit(capability, handle, {
    ...exit,
    reason: "LivenessProbeFailed",
    message: `it was stopped because its liveness probe failed: ${unhealthy}`,
  }, { now: clock.now(), bootId });
  report(capability.record.id);
  void capabilities.save(capability.record.id);
}

function started({ pid, startedAt }: Handle) {
  return {
    status: "True",
    reason: "Started",
    message: `Process ${pid} was started at ${startedAt}`,
  } as const;
}

const starting = {
  status: "False",
  reason: "Starting",
  message: "Waits for the first success of the readiness probe",
} as const;

function describe(exit: Exit | undefined): string | undefined {
  return exit && `The last process ended at ${exit.finishedAt}: ${exit.message}`;
}
