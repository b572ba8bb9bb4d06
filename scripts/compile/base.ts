/** The base binary (denort) that `deno compile` embeds a program into: Deno's own download, or the file in `DENORT_BIN`.
 *
 * @module
 */
import type { Target } from "./programs.ts";

const DOWNLOAD_LIMIT_MS = 1_500;
const ELF = [0x7f, 0x45, 0x4c, 0x46];

/** Targets that can be built with the base in `DENORT_BIN`; all of them where it is not set.
 *
 * @throws {Error} the file cannot be read, or is no Linux program of a known architecture
 */
export async function targetsOf(
  denortBin: string | undefined,
  targets: readonly Target[],
): Promise<readonly Target[]> {
  if (!denortBin) return targets;
  const machine = await elfMachine(denortBin);
  const matching = targets.filter((target) => target.machine === machine);
  if (matching.length === 0) {
    throw new Error(`DENORT_BIN must be a denort for x86-64 or ARM64 Linux: ${denortBin} is not`);
  }
  return matching;
}

/** Whether a base for the target can be had without a long wait: in `DENORT_BIN`, in Deno's cache, or from a server that answers at once. */
export async function hasBase(target: Target): Promise<boolean> {
  const denortBin = Deno.env.get("DENORT_BIN");
  if (denortBin) return await elfMachine(denortBin) === target.machine;
  const path = `release/v${Deno.version.deno}/denort-${target.triple}.zip`;
  return await isFile(`${await cacheDirectory()}/dl/${path}`) ||
    await answers(`https://dl.deno.land/${path}`);
}

/** Turns what `deno compile` printed on failure into one sentence. */
export function explainFailure(target: Target, stderr: string): Error {
  const url = /https:\/\/dl\.deno\.land\/\S+?\.zip/.exec(stderr)?.[0];
  if (url !== undefined) {
    return new Error(
      `Cannot compile for ${target.name}: Deno's base binary could not be downloaded from ${url}; ` +
        `unpack that file by another road and set DENORT_BIN to it`,
    );
  }
  const [told = ""] = stderr.split("Stack backtrace:");
  const causes = told.split("\n")
    .map((line) => line.replace(/^(error: |\s*\d+: )/, "").trim())
    .filter((line) => line !== "" && line !== "Caused by:");
  return new Error(`Cannot compile for ${target.name}: ${causes.join(": ")}`);
}

async function elfMachine(path: string): Promise<number | undefined> {
  const header = new Uint8Array(20);
  try {
    using file = await Deno.open(path);
    if (await file.read(header) !== header.length) return undefined;
  } catch (cause) {
    throw new Error(`DENORT_BIN must be a file that can be read: it was ${path}`, { cause });
  }
  const isElf = ELF.every((byte, i) => header[i] === byte);
  return isElf ? new DataView(header.buffer).getUint16(18, true) : undefined;
}

async function cacheDirectory(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS) });
    return ok;
  } catch {
    return false;
  }
}
