/** The base binary (denort) that `deno compile` embeds a program into: Deno's own download, or the file in `DENORT_BIN`.
 *
 * @module
 */
import type { Target } from "./programs.ts";

/** Why programs cannot be compiled here; one sentence that says what to do. */
export class NoBase extends Error {
  override readonly name = "NoBase";
}

/** Targets that can be built with the base in `DENORT_BIN`; all of them where it is not set.
 *
 * @throws {NoBase} the file is no Linux program of a known architecture
 */
export async function targetsOf(
  denortBin: string | undefined,
  targets: readonly Target[],
): Promise<readonly Target[]> {
  if (denortBin === undefined) return targets;
  const machine = await elfMachine(denortBin);
  const matching = targets.filter((target) => target.machine === machine);
  if (matching.length === 0) {
    throw new NoBase(`DENORT_BIN must be a Linux x86-64 or ARM64 denort: ${denortBin} is not`);
  }
  return matching;
}

/** Turns what `deno compile` printed on failure into one sentence. */
export function explainFailure(target: Target, stderr: string): Error {
  const url = /https:\/\/dl\.deno\.land\/\S+?\.zip/.exec(stderr)?.[0];
  return url === undefined ? new Error(`Cannot compile for ${target.name}: ${stderr.trim()}`) : new NoBase(
    `Cannot compile for ${target.name}: Deno's base binary could not be downloaded from ${url}; ` +
      `unpack that file by another road and set DENORT_BIN to it`,
  );
}

async function elfMachine(path: string): Promise<number | undefined> {
  const header = new Uint8Array(20);
  try {
    using file = await Deno.open(path);
    if (await file.read(header) !== header.length) return undefined;
  } catch (cause) {
    throw new NoBase(`DENORT_BIN must be a file that can be read: it was ${path}`, { cause });
  }
  const isElf = header[0] === 0x7f && header[1] === 0x45 && header[2] === 0x4c && header[3] === 0x46;
  return isElf ? new DataView(header.buffer).getUint16(18, true) : undefined;
}
