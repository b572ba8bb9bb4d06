import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { openDenoKvStore } from "./deno_kv.ts";
import type { Kv } from "./kv.ts";
import { memoryStore } from "./memory.ts";
import type { Store } from "./store.ts";
import { messageOf } from "./unavailable.ts";

/** Opens the store in a directory, which is made (mode 0700) where it is missing: the database is `store.sqlite3`, mode 0600.
 *
 * `:memory:` opens a memory store: nothing outlives the process either way, and Deno KV in memory would add
 * a thread and a copy of each document and take nothing off.
 *
 * The directory is held by one process at a time, with an advisory lock on the file `lock` that the kernel releases when the process
 * ends, however it ends. Two processes on one file would be correct but no use. Measured with Deno 2.9.6, Linux 6.18, two processes,
 * ext4: of 571 changes of a key that one process made in 2.5 s, a `kv.watch` of the same key in the other one told none, only what was
 * there at its start (Deno KV notifies within its process), while `get` saw the last one; so every read would have to ask the
 * database first. Versionstamps stay in order across both and checks hold: 2 x 2,000 checked increments of one key gave
 * 4,000. But it took 12,387 attempts: 6,911 failed with `database is locked` (there is no busy timeout) and 1,476 on the check.
 *
 * @throws {Error} another process holds the directory, or it cannot be used; names the directory and the process
 */
export async function openDataDirectory(
  directory: string,
  { clock, random, log }: { clock: Clock; random: Random; log: Log },
): Promise<Store> {
  if (directory === ":memory:") return memoryStore();
  const lock = await lockDirectory(directory);
  try {
    const file = `${directory}/store.sqlite3`;
    // SQLite gives its other files the mode of the database.
    (await Deno.open(file, { create: true, write: true, mode: 0o600 })).close();
    const kv = unlockedAtClose(await Deno.openKv(file), lock);
    return await openDenoKvStore({ kv, exclusive: true, clock, random, log });
  } catch (cause) {
    closeQuietly(lock);
    throw new Error(`Cannot open the data directory ${directory}: ${messageOf(cause)}`, { cause });
  }
}

async function lockDirectory(directory: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    const path = `${directory}/lock`;
    const lock = await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
    if (await lock.tryLock(true)) {
      await lock.truncate();
      await lock.write(new TextEncoder().encode(`${Deno.pid}\n`));
      return lock;
    }
    lock.close();
    const holder = (await Deno.readTextFile(path)).trim();
    throw new Error(
      `process ${holder || "(unknown, it has just started)"} holds it (lock file ${path}): ` +
        "stop that process or use another directory",
    );
  } catch (cause) {
    throw new Error(`Cannot open the data directory ${directory}: ${messageOf(cause)}`, { cause });
  }
}

function unlockedAtClose(kv: Kv, lock: Deno.FsFile): Kv {
  return {
    get: (key) => kv.get(key),
    list: (range, options) => kv.list(range, options),
    atomic: () => kv.atomic(),
    watch: (keys) => kv.watch(keys),
    close() {
      kv.close();
      closeQuietly(lock);
    },
  };
}

/** Closing the file releases the lock. A store that could not be opened has closed it already. */
function closeQuietly(lock: Deno.FsFile): void {
  try {
    lock.close();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.BadResource)) throw cause;
  }
}
