/** Fetches and verifies what documents ask for, beside everything that runs: healing never waits for a download.
 *
 * @module
 */
import { TaskError } from "@servicelet/runtimes";
import type { Driver } from "@servicelet/runtimes";
import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { backoff, createQueue, type Next } from "@servicelet/shared/reconcile";
import type { Backoff } from "@servicelet/shared/reconcile";
import { afterChange } from "../reconcile/restart_policy.ts";
import { untilAborted } from "../reconcile/until_aborted.ts";
import { type Capabilities, type Capability, type Finding, versionOf } from "../state/mod.ts";

const RETRY = { initialMs: 1_000, maxMs: 60_000 };
/** Preparing that takes longer than this is told. */
const TELL_AFTER_MS = 1_000;

/** Ports of {@link createPreparation}. */
export interface PreparationOptions {
  readonly capabilities: Capabilities;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called when a preparation is ready to be started. */
  readonly prepared: (id: string) => void;
  /** Called when a condition changed. */
  readonly report: (id: string) => void;
}

/** The preparing loop. */
export interface Preparation extends AsyncDisposable {
  /** Looks whether this capability's document is prepared, and prepares it. Breaks off what is under way for an older version of it. */
  ensure(id: string): void;
}

/** Starts the preparing loop. */
export function createPreparation(options: PreparationOptions): Preparation {
  const { capabilities, drivers, clock, random, log, prepared, report } = options;
  const underWay = new Map<string, { version: string; controller: AbortController }>();
  const waits = new Map<string, { version: string; backoff: Backoff }>();

  async function prepare(id: string, closing: AbortSignal): Promise<Next | void> {
    const capability = capabilities.get(id);
    if (!capability || capability.record.fate !== "run") return void waits.delete(id);
    const { record } = capability;
    const document = record.desired;
    const version = versionOf(document);
    const driver = drivers.get(document.kind);
    if (record.preparedFor === version && record.prepared) return;
    if (!driver) return tell(capability, noDriver(document.kind, [...drivers.keys()]));

    const controller = new AbortController();
    underWay.set(id, { version, controller });
    const signal = AbortSignal.any([closing, controller.signal]);
    const ended = new AbortController();
    clock.sleep(TELL_AFTER_MS, AbortSignal.any([ended.signal, signal])).then(
      () => tell(capability, preparing(capability)),
      () => {},
    );
    try {
      const before = record.prepared?.revision;
      record.prepared = await untilAborted(driver.prepare({ id, document }, signal), signal);
      if (capability.changed || record.prepared.revision !== before) {
        capability.changed = false;
        record.history = afterChange(record.history);
      }
      record.preparedFor = version;
      waits.delete(id);
      tell(capability, {
        status: "True",
        reason: "Prepared",
        message: "Everything that a start needs is here",
      });
      void capabilities.save(id);
      prepared(id);
    } catch (error) {
      // A newer version is already waiting for its turn.
      if (signal.aborted) return;
      return failed(capability, version, error);
    } finally {
      ended.abort();
      underWay.delete(id);
    }
  }

  function failed(capability: Capability, version: string, error: unknown): Next | void {
    const { id } = capability.record;
    const known = waits.get(id);
    const wait = known?.version === version ? known : { version, backoff: backoff(RETRY, random) };
    waits.set(id, wait);
    if (!(error instanceof TaskError)) log.error("Preparing failed in an unexpected way", { id, error });
    const terminal = error instanceof TaskError && error.terminal;
    const requeueAfterMs = wait.backoff.next();
    const message = [
      error instanceof Error ? error.message : String(error),
      capability.running ? "what runs is kept" : undefined,
      terminal ? "change the document" : `next attempt in ${Math.ceil(requeueAfterMs / 1000)} s`,
    ].filter(Boolean).join("; ");
    tell(capability, {
      status: "False",
      reason: error instanceof TaskError ? error.reason : "PrepareFailed",
      message,
    });
    if (!terminal) return { requeueAfterMs };
  }

  function tell(capability: Capability, finding: Finding): void {
    capability.findings.prepared = finding;
    report(capability.record.id);
  }

  const queue = createQueue({
    reconcile: prepare,
    clock,
    random,
    log,
    concurrency: 16,
    retry: RETRY,
  });

  return {
    ensure(id) {
      const now = underWay.get(id);
      const capability = capabilities.get(id);
      const stale = now &&
        (capability?.record.fate !== "run" || now.version !== versionOf(capability.record.desired));
      if (stale) now.controller.abort(new Error("A newer version of the document has come"));
      if (!now || stale) queue.add(id);
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]();
    },
  };
}

function noDriver(kind: string, kinds: readonly string[]): Finding {
  return {
    status: "False",
    reason: "RuntimeMissing",
    message: `This service runtime cannot run a ${kind}: it runs ${
      kinds.join(", ")
    }. Assign it to another one`,
  };
}

function preparing({ running }: Capability): Finding {
  return {
    status: "False",
    reason: "Preparing",
    message: `Fetching and verifying what a start needs${running ? "; what runs is kept" : ""}`,
  };
}
