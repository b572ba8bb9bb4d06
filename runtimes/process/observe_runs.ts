import type { Exit, Handle, Recovered } from "../driver.ts";
import { oomKills } from "./cgroup.ts";
import { exitFrom, lastLine, lostExit } from "./exit.ts";
import { type Group, groupOf } from "./group.ts";
import { isAlive, livingProcess } from "./identity.ts";
import { taskPaths } from "./paths.ts";
import { exitRecord, type Intent, readRun, type RunPorts } from "./runs.ts";
import { parseRecord } from "./shim.ts";

/** Finds out about processes from their records and from the machine; changes nothing. */
export interface Observer {
  /** Whether a process still runs, else how it ended. */
  recover(handle: Handle): Promise<Recovered>;
  /** The group of a process that was started since the last boot; undefined where nothing is known of it any more. */
  groupFor(handle: Handle): Promise<Group | undefined>;
}

/** Makes an observer of the runs below a directory. */
export function observeRuns(ports: RunPorts): Observer {
  const { directory, files, processes, clock } = ports;
  return { recover, groupFor };

  async function recover(handle: Handle): Promise<Recovered> {
    const recorded = await readExit(handle);
    if (recorded) return { state: "exited", exit: recorded };
    if (handle.bootId !== processes.bootId()) return exited(handle, "the machine was rebooted");
    if (isAlive(handle.pid, handle.startTime, processes)) return { state: "running" };
    const group = await groupFor(handle);
    // Between the end of its child and its record a shim needs a moment.
    for (let waited = 0; group?.isShimAlive() && waited < 1000; waited += 2) {
      await clock.sleep(2);
      const exit = await readExit(handle);
      if (exit) return { state: "exited", exit };
    }
    return exited(handle, "the shim that would have recorded it was killed, or its record was removed");
  }

  async function exited(handle: Handle, why: string): Promise<Recovered> {
    // The record may have come between the first look and now.
    const exit = await readExit(handle) ?? lostExit(why, new Date(clock.now()).toISOString());
    return { state: "exited", exit };
  }

  async function groupFor(handle: Handle): Promise<Group | undefined> {
    const run = await readRun(taskPaths(directory, handle.id), handle.run, ports);
    if (run) return groupOf(run.main, handle.run, processes);
    // The records were removed by hand: the process itself still knows its group.
    const main = livingProcess(handle.pid, processes);
    return main?.startTime === handle.startTime ? groupOf(main, handle.run, processes) : undefined;
  }

  async function readExit(handle: Handle): Promise<Exit | undefined> {
    const path = exitRecord(directory, handle.run);
    const code = parseRecord(await files.readText(path));
    const facts = code === undefined ? undefined : await files.facts(path);
    if (code === undefined || !facts) return undefined;
    const intent = (await readRun(taskPaths(directory, handle.id), handle.run, ports))?.intent;
    return exitFrom(Number(code), {
      finishedAt: new Date(facts.modifiedAt).toISOString(),
      outOfMemory: code === "137" && intent !== undefined && hasKilledSince(intent),
      lastLine: Number(code) > 0 && Number(code) < 128 ? await lastOutput(handle.id, intent) : undefined,
    });
  }

  function hasKilledSince({ bootId, oomKills: before }: Intent): boolean {
    const now = oomKills(processes);
    return bootId === processes.bootId() && before !== undefined && now !== undefined && now > before;
  }

  async function lastOutput(id: string, intent: Intent | undefined): Promise<string | undefined> {
    const { log } = taskPaths(directory, id);
    const size = (await files.facts(log))?.size ?? 0;
    const from = intent && intent.logSize <= size ? intent.logSize : 0;
    if (size === from) return undefined;
    const offset = Math.max(from, size - 4096);
    return lastLine(new TextDecoder().decode(await files.readBytes(log, offset, size - offset)));
  }
}
