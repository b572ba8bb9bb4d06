import { type Prepared, TaskError } from "../driver.ts";
import type { Files, Network, Processes } from "../ports.ts";
import { checkExecutable, checkWorkingDirectory } from "./argv.ts";

/** A TCP port that a task is going to listen on. */
export interface TaskPort {
  readonly name: string;
  readonly port: number;
}

/** Looks whether what was prepared can be started now.
 *
 * @throws {TaskError} CommandNotFound, CommandNotExecutable, WorkingDirectoryMissing, PortInUse
 */
export async function checkStart(
  prepared: Prepared,
  { files, processes, network }: { files: Files; processes: Processes; network: Network },
): Promise<void> {
  const program = prepared.argv[0] ?? "";
  await Promise.all([
    checkExecutable(program, "Cannot start", files),
    prepared.workingDirectory === undefined
      ? undefined
      : checkWorkingDirectory(prepared.workingDirectory, files),
  ]);
  // Written by prepare() of this package.
  for (const { name, port } of (prepared["ports"] ?? []) as readonly TaskPort[]) {
    if (network.isPortFree(port)) continue;
    const holder = processes.listener(port);
    const by = holder ? `process ${holder.pid} (${holder.name})` : "another process";
    throw new TaskError(
      "PortInUse",
      `spec.ports: port ${port} ("${name}") is in use by ${by}: end that or choose another port`,
      { terminal: false },
    );
  }
}
