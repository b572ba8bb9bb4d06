import { basename } from "node:path";
import { PROGRAMS, TARGETS } from "./programs.ts";

/** Moves the files of one build into `directory`, with `SHA256SUMS` over them. Compiled files of an older build go: they would pass for this one's.
 *
 * @param files on the same file system as `directory`, so that each appears whole or not at all
 * @returns their paths in `directory`
 */
export async function publish(files: readonly string[], directory: string): Promise<string[]> {
  const names = files.map((file) => basename(file));
  for (const name of compiledNames()) {
    if (!names.includes(name)) await removeIfThere(`${directory}/${name}`);
  }
  let checksums = "";
  const published: string[] = [];
  for (const [i, file] of files.entries()) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(file));
    checksums += `${new Uint8Array(digest).toHex()}  ${names[i]}\n`;
    const path = `${directory}/${names[i]}`;
    if (path !== file) await Deno.rename(file, path);
    published.push(path);
  }
  await Deno.writeTextFile(`${directory}/SHA256SUMS`, checksums);
  return published;
}

function compiledNames(): string[] {
  return PROGRAMS.flatMap(({ name }) => TARGETS.map((target) => `${name}-linux-${target.name}`));
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
