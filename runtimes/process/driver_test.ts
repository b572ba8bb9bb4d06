import { type Conduct, driverConformance } from "../conformance.ts";
import type { Handle } from "../driver.ts";
import { realOptions, realRig, taskOf, until } from "../testdata/rig.ts";
import { denoProcesses } from "./deno_processes.ts";
import { processDriver } from "./driver.ts";

const COMMANDS: Record<Conduct, string[]> = {
  "runs until SIGTERM": ["sleep", "1000"],
  "ignores SIGTERM": ["sh", "-c", "trap '' TERM; exec sleep 1000"],
  "ends with code 7": ["sh", "-c", "echo giving up; exit 7"],
  "has a child that ignores SIGTERM": ["sh", "-c", "(trap '' TERM; exec sleep 1001) & exec sleep 1000"],
};

driverConformance("process", () =>
  Promise.resolve(realRig(
    (directory) => processDriver(realOptions(directory)),
    (name, conduct) => taskOf("ProcessApplication", name, { command: COMMANDS[conduct] }),
    settled,
  )));

/** Each conduct ends up as `sleep`, or ended; a child ignores SIGTERM before it becomes one. */
async function settled({ pid, run }: Handle): Promise<void> {
  await until(() => {
    const name = denoProcesses.kernelFile(`/proc/${pid}/comm`)?.trim();
    return name === "sleep" ? childrenSleep(run) : name === undefined || isZombie(pid);
  });
}

function childrenSleep(run: string): boolean {
  return denoProcesses.pids()
    .filter((pid) => denoProcesses.environment(pid)?.includes(`SERVICELET_RUN=${run}`))
    .filter((pid) => !denoProcesses.kernelFile(`/proc/${pid}/cmdline`)?.includes("servicelet-shim"))
    .every((pid) => denoProcesses.kernelFile(`/proc/${pid}/comm`)?.trim() === "sleep");
}

function isZombie(pid: number): boolean {
  return denoProcesses.stat(pid)?.includes(") Z ") ?? true;
}
