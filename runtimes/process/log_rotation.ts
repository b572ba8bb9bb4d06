import type { Files } from "../ports.ts";

/** How much output is kept of a task. */
export interface RotationLimits {
  /** Files in all, the growing one included. */
  readonly files: number;
  /** Bytes of each. */
  readonly bytes: number;
}

/** 25 MB of output for a task. */
const DEFAULT_ROTATION: RotationLimits = { files: 5, bytes: 5_000_000 };

const CHUNK = 65_536;

/** Moves the output aside when it is above the limit: copied to `log.1`, then cut in place, since the workload keeps the file open
 * (for appending, so that it goes on at the start). Lines written between the two are lost. Of a file that has grown far beyond
 * the limit only the end is kept. */
export async function rotateLog(
  log: string,
  files: Files,
  limits: RotationLimits = DEFAULT_ROTATION,
): Promise<void> {
  const size = (await files.facts(log))?.size ?? 0;
  if (size <= limits.bytes) return;
  const oldest = limits.files - 1;
  await files.remove(`${log}.${oldest}`);
  for (let i = oldest - 1; i >= 1; i--) {
    if (await files.facts(`${log}.${i}`)) await files.rename(`${log}.${i}`, `${log}.${i + 1}`);
  }
  try {
    if (oldest > 0) await files.writeStream(`${log}.1`, chunks(log, size - limits.bytes, size, files));
  } catch {
    // No space for the copy: losing lines is better than a disk that stays full.
    await files.remove(`${log}.1`);
  }
  await files.truncate(log);
}

async function* chunks(path: string, from: number, to: number, files: Files): AsyncGenerator<Uint8Array> {
  for (let offset = from; offset < to; offset += CHUNK) {
    yield await files.readBytes(path, offset, Math.min(CHUNK, to - offset));
  }
}
