import type { Clock, Random } from "@servicelet/shared/ports";
import type { KvAtomic } from "./kv.ts";

/** Attempts until a lock counts as a failure; with the pauses between them about two seconds. */
const ATTEMPTS = 80;

/** Commits an operation; where SQLite refuses at once because someone else writes (Deno KV sets no busy timeout), tries again.
 *
 * Another store on the same file, or an operator's backup with `sqlite3`, holds the lock for milliseconds.
 */
export async function commitWhenFree(
  operation: KvAtomic,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): ReturnType<KvAtomic["commit"]> {
  for (let attempt = 1;; attempt++) {
    try {
      return await operation.commit();
    } catch (cause) {
      const isLocked = cause instanceof Error && cause.message.includes("database is locked");
      if (!isLocked || attempt === ATTEMPTS) throw cause;
    }
    await clock.sleep(random.next() * Math.min(50, 2 ** attempt));
  }
}
