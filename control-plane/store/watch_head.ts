import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { HEAD, parseHead } from "./head.ts";
import type { Kv } from "./kv.ts";
import type { Revision } from "./store.ts";

/** Calls `moved` with the head's revision at first and whenever it changed, whoever changed it. One per process: every
 * watcher of a key reads it again through the database's one thread.
 */
export function watchHead(
  moved: (revision: Revision) => void,
  { kv, clock, random, log }: { kv: Kv; clock: Clock; random: Random; log: Log },
): AsyncDisposable {
  const ending = new AbortController();
  const watching = watchUntilEnded();
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await watching;
    },
  };

  async function watchUntilEnded(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted;) {
      const reader = kv.watch([HEAD]).getReader();
      const cancel = () => void reader.cancel().catch(() => {});
      ending.signal.addEventListener("abort", cancel, { once: true });
      try {
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          failures = 0;
          moved(parseHead(next.value[0].value).revision);
        }
      } catch (cause) {
        if (!ending.signal.aborted) {
          log.warn("The watch of the store's head broke off; it is opened again", { cause });
        }
      } finally {
        ending.signal.removeEventListener("abort", cancel);
      }
      const pause = random.next() * Math.min(10_000, 100 * 2 ** failures++);
      await clock.sleep(pause, ending.signal).catch(() => {});
    }
  }
}
