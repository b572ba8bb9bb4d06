import { type Files, previousOf } from "./state/files.ts";

/** The state directory on disk, held by this servicelet alone. */
export interface StateDirectory extends Files, Disposable {}

/** Another servicelet works on the state directory. */
export class StateDirectoryInUse extends Error {
  /** Tells it from other errors. */
  override readonly name = "StateDirectoryInUse";
}

/** Opens a state directory, making it where it is missing. Only its owner can read what is in it.
 *
 * @throws {StateDirectoryInUse} the lock is another process's
 */
export async function openStateDirectory(path: string): Promise<StateDirectory> {
  await Deno.mkdir(`${path}/capabilities`, { recursive: true, mode: 0o700 });
  const lock = await Deno.open(`${path}/lock`, { create: true, read: true, write: true });
  if (!await lock.tryLock(true)) {
    lock.close();
    throw new StateDirectoryInUse(
      `Cannot use the state directory ${path}: another servicelet is running on it. Stop that one, or give this one a --state-dir of its own`,
    );
  }
  return {
    list: (folder) => list(`${path}/${folder}`),
    read: (name) => absent(Deno.readTextFile(`${path}/${name}`)),
    write: (name, text) => write(`${path}/${name}`, text),
    async remove(name) {
      // In this order: what is left after a crash in between must not bring back an older generation.
      await absent(Deno.remove(`${path}/${previousOf(name)}`));
      await absent(Deno.remove(`${path}/${name}`));
      await syncFolderOf(`${path}/${name}`);
    },
    [Symbol.dispose]: () => lock.close(),
  };
}

async function write(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  const file = await Deno.open(fresh, { create: true, truncate: true, write: true, mode: 0o600 });
  try {
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
    await file.syncData();
  } finally {
    file.close();
  }
  await absent(Deno.rename(path, previousOf(path)));
  await Deno.rename(fresh, path);
  await syncFolderOf(path);
}

async function syncFolderOf(path: string): Promise<void> {
  const folder = await Deno.open(path.slice(0, path.lastIndexOf("/")));
  try {
    await folder.sync();
  } finally {
    folder.close();
  }
}

async function list(path: string): Promise<string[]> {
  const names = await absent(Array.fromAsync(Deno.readDir(path), ({ name }) => name));
  return (names ?? []).sort();
}

async function absent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
