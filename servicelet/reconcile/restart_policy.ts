/** When something that ended is started again: as a value, so that it can be kept on disk and tried without a process.
 *
 * @module
 */

/** What is remembered of crashes. */
export interface RestartHistory {
  /** Starts after an end that nobody asked for. */
  readonly restarts: number;
  /** Crashes in a row, each soon after its start. */
  readonly failures: number;
  /** Milliseconds since 1970 before which it is not started. */
  readonly retryAt: number;
}

/** Of something that never crashed. */
export const FRESH: RestartHistory = { restarts: 0, failures: 0, retryAt: 0 };

/** `restartPolicy` of a document. */
export type RestartPolicy = "Always" | "OnFailure" | "Never";

/** What to do about something that ended by itself. */
export type Restart = { readonly action: "start" } | { readonly action: "wait"; readonly ms: number } | {
  readonly action: "stay";
};

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** What ran for so long is trusted again. */
const STEADY_MS = 10 * 60_000;

/** The history after a run of `ranMs` that ended at `now`. The first crash is restarted at once, those that follow soon wait 1 s, 2 s, 4 s … 5 min. */
export function afterEnd(
  history: RestartHistory,
  { ranMs, now }: { readonly ranMs: number; readonly now: number },
): RestartHistory {
  const failures = ranMs >= STEADY_MS ? 1 : history.failures + 1;
  return { ...history, failures, retryAt: now + pauseAfter(failures) };
}

/** The history after a start that failed at `now`: it waits for a second at least. */
export function afterFailedStart(history: RestartHistory, now: number): RestartHistory {
  const failures = Math.max(2, history.failures + 1);
  return { ...history, failures, retryAt: now + pauseAfter(failures) };
}

/** The history of a document that was changed: it gets its chance at once. */
export function afterChange(history: RestartHistory): RestartHistory {
  return { ...history, failures: 0, retryAt: 0 };
}

/** The history after one more start. */
export function afterRestart(history: RestartHistory): RestartHistory {
  return { ...history, restarts: history.restarts + 1 };
}

/** Whether something that ended is to be started now, later, or not again. */
export function decideRestart(
  policy: RestartPolicy,
  { completed, history, now }: {
    readonly completed: boolean;
    readonly history: RestartHistory;
    readonly now: number;
  },
): Restart {
  if (policy === "Never" || (policy === "OnFailure" && completed)) return { action: "stay" };
  // A clock that was set back must not make it wait for longer than the pause.
  const ms = Math.min(history.retryAt - now, pauseAfter(history.failures));
  return ms > 0 ? { action: "wait", ms } : { action: "start" };
}

function pauseAfter(failures: number): number {
  return failures < 2 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 2));
}
