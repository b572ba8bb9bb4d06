import type { Log } from "@servicelet/shared/ports";
import { type Files, previousOf } from "./files.ts";

/** What was read. */
export interface Checked<T> {
  readonly value: T;
  /** True where the newest generation was damaged and this is the one before: what happened since is lost. */
  readonly fellBack: boolean;
}

/** Reads a file written by {@link writeChecked}: the newest generation whose checksum is right, or undefined where there is none. */
export async function readChecked<T>(
  files: Files,
  name: string,
  log: Log,
): Promise<Checked<T> | undefined> {
  const newest = await files.read(name);
  const value = newest === undefined ? undefined : decode<T>(newest);
  if (value !== undefined) return { value, fellBack: false };

  const before = await files.read(previousOf(name));
  const older = before === undefined ? undefined : decode<T>(before);
  if (newest !== undefined) {
    log.error("A state file is damaged", {
      file: name,
      instead: older ? "the generation before" : "nothing",
    });
  }
  // Where only the newest is missing, a write was cut between its two renames.
  return older === undefined ? undefined : { value: older, fellBack: true };
}

/** Writes a value with its checksum. */
export function writeChecked(files: Files, name: string, value: unknown): Promise<void> {
  const json = JSON.stringify(value);
  return files.write(name, `${checksum(json)} ${json}\n`);
}

function decode<T>(text: string): T | undefined {
  const json = text.slice(9, -1);
  if (!text.endsWith("\n") || text.slice(0, 9) !== `${checksum(json)} `) return undefined;
  return JSON.parse(json);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

/** CRC-32 of the text's UTF-16 units as eight hexadecimal digits: it finds damage, it does not keep out malice. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    crc = TABLE[(crc ^ unit) & 0xff]! ^ (crc >>> 8);
    crc = TABLE[(crc ^ (unit >>> 8)) & 0xff]! ^ (crc >>> 8);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}
