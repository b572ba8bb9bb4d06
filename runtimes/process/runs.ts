import type { Handle } from "../driver.ts";
import type { Clock } from "@servicelet/shared/ports";
import type { Files, Processes } from "../ports.ts";
import { exitDirectory, runPaths, type TaskPaths } from "./paths.ts";
import { hasProcesses } from "./group.ts";
import { parseStat, type ProcessStat } from "./identity.ts";
import { BLANK_RECORD, parseRecord } from "./shim.ts";

/** What the servicelet wrote down before it started a run. */
export interface Intent {
  readonly version: 1;
  readonly id: string;
  readonly revision: string;
  readonly run: string;
  readonly bootId: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Size of the log at the start. */
  readonly logSize: number;
  /** Kills for lack of memory counted at the start. */
  readonly oomKills?: number;
}

/** A run that took place. */
export interface Run {
  readonly intent: Intent;
  /** The workload as it was at its start. */
  readonly main: ProcessStat;
}

/** What a run needs from the machine. */
export interface RunPorts {
  readonly directory: string;
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
}

const CANCELLED = "cancelled";

/** Writes down a run that is about to start and makes it the one that counts. False where another one counts already.
 *
 * Killed before the link: nothing refers to the run. Killed after it: {@link currentRun} finds it and settles it by its claim.
 */
export async function announceRun(
  task: TaskPaths,
  intent: Intent,
  { directory, files }: RunPorts,
): Promise<boolean> {
  const run = runPaths(task, intent.run);
  await files.makeDirectory(run.root);
  await Promise.all([
    files.write(run.intent, JSON.stringify(intent)),
    files.write(run.process, BLANK_RECORD),
    files.write(exitRecord(directory, intent.run), BLANK_RECORD),
  ]);
  return await files.link(`runs/${intent.run}`, task.current);
}

/** The run that counts, whether it still goes on or not. A run that was announced but never took place is removed, and can then never
 * take place: it exists from the moment its shim has claimed it, and here the claim is taken from a shim that is late. */
export async function currentRun(task: TaskPaths, ports: RunPorts): Promise<Run | undefined> {
  const name = (await ports.files.readLink(task.current))?.split("/").at(-1);
  if (name === undefined) return undefined;
  const run = await readRun(task, name, ports) ?? await settle(task, name, ports);
  if (!run) await discardRun(task, name, ports);
  return run;
}

/** The records of a run; undefined unless they are complete. */
export async function readRun(task: TaskPaths, name: string, { files }: RunPorts): Promise<Run | undefined> {
  const paths = runPaths(task, name);
  const [intent, main] = await Promise.all([files.readText(paths.intent), files.readText(paths.process)]);
  const record = parseRecord(main);
  const stat = record === undefined ? undefined : parseStat(record);
  const parsed = intent === undefined ? undefined : parseIntent(intent);
  return stat && parsed && { intent: parsed, main: stat };
}

/** A claimed run without a record: its shim is about to write it, or was killed before. */
async function settle(task: TaskPaths, name: string, ports: RunPorts): Promise<Run | undefined> {
  const { claim, root } = runPaths(task, name);
  if (!await ports.files.facts(root)) return undefined;
  if (await ports.files.create(claim, CANCELLED)) return undefined;
  if (await ports.files.readText(claim) === CANCELLED) return undefined;
  for (;;) {
    // Processes first: one that wrote its record and ended between the two looks is found by the second.
    const expected = hasProcesses(name, ports.processes);
    const run = await readRun(task, name, ports);
    if (run || !expected) return run;
    await ports.clock.sleep(2);
  }
}

/** Forgets a run and its exit record. Its directory goes in one step: a shim that is late finds nothing to claim. */
export async function discardRun(
  task: TaskPaths,
  name: string,
  { directory, files }: RunPorts,
): Promise<void> {
  const { root } = runPaths(task, name);
  if ((await files.readLink(task.current))?.endsWith(name)) await files.remove(task.current);
  await files.remove(exitRecord(directory, name));
  if (await files.facts(root)) await files.rename(root, `${root}.gone`);
  await files.remove(`${root}.gone`);
}

/** Removes what earlier crashes left of runs that do not count. */
export async function sweepRuns(task: TaskPaths, keep: string, ports: RunPorts): Promise<void> {
  for (const name of await ports.files.list(task.runs)) {
    if (name !== keep) await discardRun(task, name.replace(/\.gone$/, ""), ports);
  }
}

/** Path of a run's exit record. */
export function exitRecord(directory: string, run: string): string {
  return `${exitDirectory(directory)}/${run}`;
}

/** What the core keeps of a run. */
export function handleOf({ intent, main }: Run): Handle {
  return {
    version: 1,
    id: intent.id,
    revision: intent.revision,
    run: intent.run,
    pid: main.pid,
    startTime: main.startTime,
    bootId: intent.bootId,
    startedAt: intent.startedAt,
  };
}

function parseIntent(text: string): Intent | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off by a power loss; the run is over with the boot it belonged to.
    return undefined;
  }
}
