import type { Processes } from "../ports.ts";

/** What /proc/PID/stat says about a process, as far as we need it. */
export interface ProcessStat {
  readonly pid: number;
  /** One letter; Z and X are dead. */
  readonly state: string;
  readonly group: number;
  readonly session: number;
  /** Ticks since boot at which it started: with pid and boot id its identity. */
  readonly startTime: string;
}

/** Reads one line of /proc/PID/stat; undefined where it is none.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function parseStat(line: string): ProcessStat | undefined {
  // The name may hold blanks and parentheses: the last ") " ends it.
  const end = line.lastIndexOf(") ");
  const fields = line.slice(end + 2).trim().split(" ");
  const [state, , group, session] = fields;
  const startTime = fields[19];
  if (end < 0 || !state || !group || !session || !startTime) return undefined;
  return { pid: Number.parseInt(line), state, group: Number(group), session: Number(session), startTime };
}

/** The living process with this pid; undefined also for one that ended and waits for its parent. */
export function livingProcess(pid: number, processes: Processes): ProcessStat | undefined {
  const line = processes.stat(pid);
  const stat = line === undefined ? undefined : parseStat(line);
  return stat && stat.state !== "Z" && stat.state !== "X" ? stat : undefined;
}

/** True while the very process runs that had this pid and start time; the pid alone is used again by the kernel. */
export function isAlive(pid: number, startTime: string, processes: Processes): boolean {
  return livingProcess(pid, processes)?.startTime === startTime;
}
