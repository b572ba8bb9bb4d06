import { setImmediate } from "node:timers";
import type { Clock } from "../ports/mod.ts";

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** How many sleep now. */
  readonly sleepers: number;
  /** Moves time on and wakes whoever's time has come, earliest first, each at its own instant; what they do, also sleep again, is
   * done before the next is woken and before this resolves, as far as it waits for nothing but this clock. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly due: number;
  wake(): void;
}

/** A clock that starts at `start`, 2026-01-01 UTC by default; `monotonic` starts at 0.
 *
 * @param start milliseconds since 1970
 */
export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  const sleepers = new Set<Sleeper>();
  let elapsed = 0;

  function earliest(limit: number): Sleeper | undefined {
    let found: Sleeper | undefined;
    // Sets keep the order of insertion: of two with the same instant the first to sleep wakes first.
    for (const sleeper of sleepers) {
      if (sleeper.due <= limit && (!found || sleeper.due < found.due)) found = sleeper;
    }
    return found;
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    get sleepers() {
      return sleepers.size;
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper: Sleeper = {
          due: elapsed + Math.max(0, ms),
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", stop);
            resolve();
          },
        };
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", stop, { once: true });
        sleepers.add(sleeper);
      });
    },
    async advance(ms) {
      const end = elapsed + ms;
      await settled();
      for (let next = earliest(end); next; next = earliest(end)) {
        elapsed = Math.max(elapsed, next.due);
        next.wake();
        await settled();
      }
      elapsed = end;
    },
  };
}

/** Resolves when every continuation that waits for nothing outside has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
