import type { Processes } from "../ports.ts";
import { isAlive, livingProcess, type ProcessStat } from "./identity.ts";

/** Environment variable that carries the run: it tells our processes from strangers when their leader is gone. */
export const RUN_VARIABLE = "SERVICELET_RUN";

/** The processes of one run. */
export interface Group {
  /** True while the process that was started runs. */
  isMainAlive(): boolean;
  /** True while the shim, leader of the group, runs. */
  isShimAlive(): boolean;
  /** True when no process of the group or session is left, the shim included. */
  isEmpty(): boolean;
  /** Sends a signal to every process of the group and session, the shim included (which ignores what can be ignored). */
  signal(signal: Deno.Signal): void;
  /** SIGKILL to all but the shim, which then records the exit. */
  kill(): void;
}

/** The group of the run `run` whose workload was recorded as `main`. */
export function groupOf(main: ProcessStat, run: string, processes: Processes): Group {
  const id = main.group;

  function isMainAlive(): boolean {
    return isAlive(main.pid, main.startTime, processes);
  }

  function isShimAlive(): boolean {
    const leader = livingProcess(id, processes);
    // The kernel gives the number to nobody else while the group has members; a later owner started after our workload.
    return leader !== undefined && Number(leader.startTime) <= Number(main.startTime);
  }

  function members(): ProcessStat[] {
    // One system call instead of a walk through /proc in the usual case.
    if (!processes.signal(-id, 0) && !isMainAlive()) return [];
    const found = processes.pids()
      .map((pid) => livingProcess(pid, processes))
      .filter((stat) => stat !== undefined)
      .filter((stat) => stat.pid !== id && (stat.group === id || stat.session === id));
    const ours = isMainAlive() || isShimAlive() || found.some(({ pid }) => belongsTo(run, pid, processes));
    return ours ? found : [];
  }

  return {
    isMainAlive,
    isShimAlive,
    isEmpty: () => !isMainAlive() && !isShimAlive() && members().length === 0,
    signal(signal) {
      const all = members();
      if (all.length > 0) processes.signal(-id, signal);
      for (const { pid, group } of all) if (group !== id) processes.signal(pid, signal);
    },
    kill() {
      for (const { pid } of members()) processes.signal(pid, "SIGKILL");
    },
  };
}

/** True where any process of the run exists, with or without a record. */
export function hasProcesses(run: string, processes: Processes): boolean {
  return processes.pids().some((pid) => livingProcess(pid, processes) && belongsTo(run, pid, processes));
}

function belongsTo(run: string, pid: number, processes: Processes): boolean {
  return processes.environment(pid)?.includes(`${RUN_VARIABLE}=${run}`) ?? false;
}
