import type { Random } from "../ports/mod.ts";

/** How waiting times grow. */
export interface BackoffOptions {
  /** First waiting time. */
  readonly initialMs: number;
  /** Longest waiting time. */
  readonly maxMs: number;
  /** Growth from one to the next. Default: 2. */
  readonly factor?: number;
  /** Part of each waiting time that is left to chance, 0 to 1, so that many clients do not come back at once. Default: 0.5. */
  readonly jitter?: number;
}

/** Waiting times between attempts. */
export interface Backoff {
  /** Times given out since the start or the last reset. */
  readonly attempts: number;
  /** The next waiting time in milliseconds. */
  next(): number;
  /** Starts over: an attempt succeeded. */
  reset(): void;
}

/** Waiting times that grow exponentially up to a limit; each is somewhere between `1 - jitter` and 1 times its full length. */
export function backoff(
  { initialMs, maxMs, factor = 2, jitter = 0.5 }: BackoffOptions,
  random: Random,
): Backoff {
  let attempts = 0;
  return {
    get attempts() {
      return attempts;
    },
    next() {
      const full = Math.min(maxMs, initialMs * factor ** attempts++);
      return full * (1 - jitter * random.next());
    },
    reset() {
      attempts = 0;
    },
  };
}
