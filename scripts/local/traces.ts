/** Finding and removing what a trial left behind.
 *
 * @module
 */

/** Processes whose working directory lies under `directory`: the workloads of a servicelet whose state is there. */
export function processesUnder(directory: string): number[] {
  const pids: number[] = [];
  for (const entry of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    try {
      if (Deno.readLinkSync(`/proc/${entry.name}/cwd`).startsWith(directory)) pids.push(Number(entry.name));
    } catch {
      // It ended while we looked, or belongs to somebody else.
    }
  }
  return pids;
}

/** Kills what {@link processesUnder} finds and removes the directory. */
export async function removeTraces(directory: string): Promise<void> {
  for (let left = processesUnder(directory); left.length > 0; left = processesUnder(directory)) {
    for (const pid of left) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It ended meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Deno.remove(directory, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
