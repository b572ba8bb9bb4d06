import type { Exit, Handle } from "../driver.ts";

/** A virtual process. */
export interface VirtualProcess {
  /** What the driver gave for it. */
  readonly handle: Handle;
  /** Set once it ended. */
  exit?: Exit;
  /** True for one that only SIGKILL ends. */
  ignoresTerm: boolean;
  /** Resolves when it ended. */
  readonly ended: PromiseWithResolvers<Exit>;
}

/** How virtual processes of a task behave. */
export interface Behaviour {
  /** Code with which it ends at once; absent: it runs until stopped. */
  readonly exitsWith?: number;
  /** True for one that only SIGKILL ends. */
  readonly ignoresTerm?: boolean;
  /** What a probe finds wrong; absent: nothing. */
  readonly unwell?: string;
}

/** A virtual machine: what is on it outlives the drivers that work on it, as processes outlive a servicelet. */
export interface MockMachine {
  /** Changes with each reboot. */
  bootId: string;
  /** Pid of the next process. */
  nextPid: number;
  /** The run that counts, by task. */
  readonly runs: Map<string, VirtualProcess>;
  /** Behaviour by task; the default runs, ends on SIGTERM and is well. */
  readonly behaviours: Map<string, Behaviour>;
}

/** A machine on which nothing runs. */
export function mockMachine(): MockMachine {
  return { bootId: "boot-1", nextPid: 100, runs: new Map(), behaviours: new Map() };
}

/** Ends the process of a task, as if by itself. */
export function exitProcess(machine: MockMachine, id: string, exit: Exit): void {
  const process = machine.runs.get(id);
  if (!process || process.exit) return;
  process.exit = exit;
  process.ended.resolve(exit);
}

/** Everything ends, and nobody sees how. */
export function rebootMachine(machine: MockMachine, finishedAt: string): void {
  machine.bootId = `boot-${Number(machine.bootId.split("-")[1]) + 1}`;
  const message = "The process is gone and its exit code is unknown: the machine was rebooted.";
  for (const id of machine.runs.keys()) exitProcess(machine, id, { reason: "Lost", message, finishedAt });
}
