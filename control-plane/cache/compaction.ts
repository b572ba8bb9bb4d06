import type { Clock } from "@servicelet/shared/ports";
import type { Revision, Store } from "../store/mod.ts";
import type { FollowingCache } from "./create_watch_cache.ts";
import { bytesOf } from "./history.ts";

/** How much history is kept. A client that was away for less than that resumes its watch and need not list. */
export interface HistoryLimits {
  /** Up to these, changes are kept however old they are. */
  readonly ample: HistorySize;
  /** Beyond `ample`, changes younger than this stay, in milliseconds. */
  readonly keep: number;
  /** Beyond these, changes go however young they are. */
  readonly most: HistorySize;
}

/** Amount of history. */
export interface HistorySize {
  /** Number of revisions. */
  readonly changes: number;
  /** Of documents that only the history keeps. */
  readonly bytes: number;
}

/** Five minutes, as Kubernetes keeps, or longer where little happens; memory stays bounded where much does. */
export const DEFAULT_LIMITS: HistoryLimits = {
  ample: { changes: 10_000, bytes: 16 * 1024 * 1024 },
  keep: 5 * 60_000,
  most: { changes: 100_000, bytes: 128 * 1024 * 1024 },
};

/** Where the floor should be now.
 *
 * @param now of the monotonic clock */
function floorFor(
  cache: FollowingCache,
  now: number,
  limits: HistoryLimits = DEFAULT_LIMITS,
): Revision {
  let floor = cache.floor;
  let { size: changes, bytes } = cache.history;
  const exceeds = (size: HistorySize) => changes > size.changes || bytes > size.bytes;
  for (const entry of cache.history) {
    const old = now - entry.at > limits.keep;
    if (!exceeds(old ? limits.ample : limits.most)) break;
    floor = entry.version.revision;
    changes -= 1;
    bytes -= bytesOf(entry);
  }
  return floor;
}

/** Cuts the history of cache and store to its limits; to be called every half minute or so.
 *
 * @throws {StoreUnavailable} the store could not; the cache was cut all the same */
export async function compact(
  cache: FollowingCache,
  { store, clock, limits = DEFAULT_LIMITS }: {
    readonly store: Store;
    readonly clock: Clock;
    readonly limits?: HistoryLimits;
  },
): Promise<void> {
  const floor = floorFor(cache, clock.monotonic(), limits);
  cache.forget(floor);
  if (floor > store.floor) await store.compact(floor);
}
