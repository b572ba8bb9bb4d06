import type { Probe } from "@servicelet/shared/kinds";
import type { Clock } from "@servicelet/shared/ports";

/** What a probe loop works with. */
export interface ProbeLoopOptions {
  readonly probe: Probe;
  /** One attempt: undefined when well, else what was wrong. */
  readonly attempt: (signal: AbortSignal) => Promise<string | undefined>;
  /** Whether it was well when last looked at; undefined at a start. */
  readonly before: boolean | undefined;
  /** Until it was well for the first time, ask often, so that being well is seen soon. */
  readonly eager: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when it becomes well (undefined) and when it has failed often enough (what was wrong). */
  readonly changed: (wrong: string | undefined) => void;
}

/** Probes until the signal aborts, by rejecting with its reason. */
export async function probeLoop(options: ProbeLoopOptions): Promise<never> {
  const { probe, attempt, before, eager, clock, signal, changed } = options;
  const periodMs = probe.periodSeconds * 1000;
  const patienceMs = probe.failureThreshold * periodMs;
  const began = clock.monotonic();
  let well = before;
  let warm = !eager || before !== undefined;
  let failures = 0;
  if (before === undefined) await clock.sleep(probe.initialDelaySeconds * 1000, signal);

  for (;;) {
    const wrong = await attempt(signal);
    signal.throwIfAborted();
    failures = wrong === undefined ? 0 : failures + 1;
    if (wrong === undefined) {
      warm = true;
      if (well !== true) changed(undefined);
      well = true;
    } else if (warm ? failures >= probe.failureThreshold : clock.monotonic() - began >= patienceMs) {
      if (well !== false) changed(wrong);
      well = false;
    }
    await clock.sleep(warm ? periodMs : warmUpMs(clock.monotonic() - began, periodMs), signal);
  }
}

/** Milliseconds until the next attempt after `elapsedMs` of starting: 10, then 20, from half a second on a twenty-fifth of the time so far. */
function warmUpMs(elapsedMs: number, periodMs: number): number {
  const step = elapsedMs < 40 ? 10 : Math.max(20, elapsedMs / 25);
  return Math.min(step, periodMs);
}
