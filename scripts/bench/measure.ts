/** Figures and how they are taken.
 *
 * @module
 */

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  /** Every sample taken. */
  readonly samples: readonly number[];
  /** What we mean to reach, in the same unit; `more` where more is better. */
  readonly goal?: { readonly value: number; readonly more?: boolean };
}

/** Memory of a process in megabytes. */
export interface Memory {
  /** Proportional set size: shared pages are split among those that share them. */
  readonly pss: number;
  /** The part that no file backs: what a device cannot take back. */
  readonly anonymous: number;
}

/** Reads the memory of a process. */
export async function memoryOf(pid: number): Promise<Memory> {
  const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
  const kilobytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1] ?? NaN);
  return { pss: kilobytes("Pss") / 1024, anonymous: kilobytes("Pss_Anon") / 1024 };
}

/** CPU time that a process has used, in milliseconds. */
export async function cpuOf(pid: number): Promise<number> {
  const fields = (await Deno.readTextFile(`/proc/${pid}/stat`)).replace(/^.*\) /, "").split(" ");
  const TICKS_PER_SECOND = 100;
  return (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS_PER_SECOND;
}

/** Milliseconds that `work` takes. */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The middle of the samples. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Lets a process settle: the figures at rest are wanted. */
export function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
