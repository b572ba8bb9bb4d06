import type { Driver } from "@servicelet/runtimes";
import type { KubeClient } from "@servicelet/shared/client";
import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { createQueue } from "@servicelet/shared/reconcile";
import { followAssignments } from "./fetch/assignments.ts";
import type { Machine } from "./machine.ts";
import { createPreparation } from "./prepare/prepare.ts";
import { reconcileCapability } from "./reconcile/reconcile.ts";
import { Runs } from "./reconcile/runs.ts";
import { createRegistration } from "./register/register.ts";
import { letGo } from "./report/let_go.ts";
import { createReports } from "./report/report.ts";
import { Capabilities, type Files, readPlace } from "./state/mod.ts";
import { VERSION } from "./version.ts";

const ROTATE_MS = 60_000;

/** What a servicelet works with. */
export interface ServiceletOptions {
  /** Name of its ServiceRuntime: the identifier that assignments carry. */
  readonly name: string;
  /** Region of its ServiceRuntime. */
  readonly region?: string | undefined;
  /** Labels of its ServiceRuntime. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The client of its control plane. */
  readonly client: KubeClient;
  /** By kind of document. */
  readonly drivers: ReadonlyMap<string, Driver>;
  /** Its state directory. */
  readonly files: Files;
  /** Facts about the machine. */
  readonly machine: Machine;
  /** Time. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: Random;
  /** Where it tells what it does. */
  readonly log: Log;
}

/** Starts a servicelet: adopts what an earlier one left, starts what is missing, follows its assignments and reports. Needs no control plane to
 * begin. Disposing it ends the servicelet; what it started runs on. */
export async function startServicelet(options: ServiceletOptions): Promise<AsyncDisposable> {
  const { name, region, labels = {}, client, drivers, files, machine, clock, random, log } = options;
  await using undo = new AsyncDisposableStack();
  const ending = new AbortController();
  const { signal } = ending;

  let loaded: Capabilities | undefined = undefined;
  const registration = undo.use(createRegistration({
    client,
    profile: { name, region, labels },
    machine,
    drivers: [...drivers.values()],
    version: VERSION,
    // It begins before the disk is read.
    orphaned: () => loaded ? orphansOf(loaded) : [],
    clock,
    random,
    log,
  }));
  const [{ capabilities, whole }, place] = await Promise.all([
    Capabilities.load({ files, clock, log, signal }),
    readPlace(files, log),
  ]);
  loaded = capabilities;
  if (orphansOf(loaded).length > 0) registration.touch();

  const reports = undo.use(
    createReports({ client, capabilities, address: machine.address, clock, random, log }),
  );
  const report = (id: string) => reports.touch(id);
  const runs = undo.use(
    new Runs({ capabilities, clock, log, bootId: machine.bootId, look: (id) => queue.add(id), report }),
  );
  const preparation = undo.use(createPreparation({
    capabilities,
    drivers,
    clock,
    random,
    log,
    prepared: (id) => queue.add(id),
    report,
  }));
  const queue = undo.use(createQueue({
    reconcile: (id, closing) =>
      reconcileCapability(id, {
        capabilities,
        drivers,
        runs,
        clock,
        log,
        bootId: machine.bootId,
        prepare: (which) => preparation.ensure(which),
        report,
        letGo: (capability, aborted) => letGo(client, capability.known, aborted),
      }, closing),
    clock,
    random,
    log,
    // A slow stop of one must hold up no other.
    concurrency: Infinity,
    retry: { initialMs: 100, maxMs: 30_000 },
  }));
  const look = (id: string) => {
    preparation.ensure(id);
    queue.add(id);
  };
  for (const { record } of capabilities.all()) look(record.id);

  const loops = [
    followAssignments({
      client,
      name,
      capabilities,
      files,
      place,
      resume: whole && place !== undefined,
      clock,
      log,
      signal,
      look,
      online() {
        reports.online();
        registration.touch();
        for (const { record } of capabilities.all()) if (record.fate === "remove") queue.add(record.id);
      },
      orphansChanged: () => registration.touch(),
    }),
    rotate(capabilities, drivers, { clock, log, signal }),
  ];
  const ended = Promise.allSettled(loops);
  undo.defer(async () => {
    ending.abort(new Error("The servicelet ends"));
    await ended;
  });
  return undo.move();
}

function orphansOf(capabilities: Capabilities): string[] {
  return [...capabilities.all()].filter(({ record }) => record.orphaned).map(({ record }) => record.id)
    .sort();
}

/** Keeps output files from filling the disk. */
async function rotate(
  capabilities: Capabilities,
  drivers: ReadonlyMap<string, Driver>,
  { clock, log, signal }: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<never> {
  for (;;) {
    await clock.sleep(ROTATE_MS, signal);
    for (const { record, running } of capabilities.all()) {
      if (!running) continue;
      await drivers.get(record.desired.kind)?.rotate(record.id)
        .catch((error) => log.warn("Cannot rotate output files", { id: record.id, error }));
    }
  }
}
