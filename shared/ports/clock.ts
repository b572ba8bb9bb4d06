/** Time as code sees it, so that a simulation can hold it still. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. For timestamps. */
  now(): number;
  /** Milliseconds of a clock that never goes back. For durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
