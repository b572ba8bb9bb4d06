/** Writes a file so that it is there whole or not at all, also after a loss of power. Directories are made where missing.
 *
 * @param mode such as 0o600 for what only the owner may read
 */
export async function writeFileAtomically(path: string, text: string, mode: number): Promise<void> {
  await Deno.mkdir(directoryOf(path), { recursive: true });
  const temporary = `${path}.${Deno.pid}.tmp`;
  try {
    // Made afresh, so that the mode holds from the first byte on.
    await Deno.remove(temporary).catch(() => {});
    using file = await Deno.open(temporary, { write: true, createNew: true, mode });
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
    await file.sync();
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    throw new Error(`Cannot write ${path}`, { cause });
  }
}

/** `node:path` can do this too, and takes 8 ms to load. */
function directoryOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}

/** Text of a file; undefined where there is none. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`Cannot read ${path}`, { cause });
  }
}
