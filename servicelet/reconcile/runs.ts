import type { ProcessSpec } from "@servicelet/shared/kinds";
import type { Clock, Log } from "@servicelet/shared/ports";
import type { Driver, Handle } from "@servicelet/runtimes";
import { probeLoop } from "../probe/probe_loop.ts";
import type { Capabilities, Capability } from "../state/mod.ts";
import { noteExit } from "./exits.ts";

/** Ports of {@link Runs}. */
export interface RunsOptions {
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly log: Log;
  readonly bootId: string;
  /** Called when something ended or became unhealthy. */
  readonly look: (id: string) => void;
  /** Called when a condition changed. */
  readonly report: (id: string) => void;
}

interface Attendance {
  /** What is attended: another run or other probes make another one. */
  readonly key: string;
  readonly controller: AbortController;
}

/** Attends what runs: waits for its end, asks its probes. */
export class Runs implements Disposable {
  readonly #options: RunsOptions;
  readonly #attended = new Map<string, Attendance>();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Attends the run of a capability; does nothing where it is attended already. */
  attend(capability: Capability, driver: Driver): void {
    const { id, desired } = capability.record;
    const handle = capability.running;
    if (!handle) return;
    const { readinessProbe, livenessProbe }: ProcessSpec = desired.spec;
    const key = JSON.stringify([handle.run, readinessProbe, livenessProbe]);
    const attended = this.#attended.get(id);
    if (attended?.key === key) return;
    attended?.controller.abort(new Error("Attended anew"));
    const controller = new AbortController();
    this.#attended.set(id, { key, controller });
    void this.#wait(capability, handle, driver, controller.signal);
    this.#probe(capability, handle, driver, controller.signal);
  }

  /** Turns away from a capability, before it is stopped. */
  leave(id: string): void {
    this.#attended.get(id)?.controller.abort(new Error("No longer attended"));
    this.#attended.delete(id);
  }

  [Symbol.dispose](): void {
    for (const id of [...this.#attended.keys()]) this.leave(id);
  }

  async #wait(capability: Capability, handle: Handle, driver: Driver, signal: AbortSignal): Promise<void> {
    const { capabilities, clock, bootId, look, report, log } = this.#options;
    const { id } = capability.record;
    try {
      const exit = await driver.wait(handle, signal);
      if (signal.aborted) return;
      this.leave(id);
      noteExit(capability, handle, exit, { now: clock.now(), bootId });
      look(id);
      report(id);
      void capabilities.save(id);
    } catch (error) {
      if (signal.aborted) return;
      log.error("Cannot wait for the end of a process; looking at it anew", { id, error });
      this.leave(id);
      capability.adopted = false;
      look(id);
    }
  }

  #probe(capability: Capability, handle: Handle, driver: Driver, signal: AbortSignal): void {
    const { clock, look, report } = this.#options;
    const { id, desired } = capability.record;
    const { readinessProbe, livenessProbe }: ProcessSpec = desired.spec;
    const before = readinessOf(capability);
    if (readinessProbe) {
      this.#loop(
        probeLoop({
          probe: readinessProbe,
          attempt: (each) => driver.probe(handle, readinessProbe, each),
          before,
          eager: true,
          clock,
          signal,
          changed(wrong) {
            capability.findings.ready = wrong === undefined
              ? { status: "True", reason: "ProbeSucceeded", message: "The readiness probe succeeds" }
              : { status: "False", reason: "ProbeFailed", message: `The readiness probe fails: ${wrong}` };
            report(id);
          },
        }),
        signal,
      );
    } else {
      capability.findings.ready = {
        status: "True",
        reason: "Running",
        message: `Process ${handle.pid} runs`,
      };
    }
    if (livenessProbe) {
      this.#loop(
        probeLoop({
          probe: livenessProbe,
          attempt: (each) => driver.probe(handle, livenessProbe, each),
          before: before === undefined ? undefined : true,
          eager: false,
          clock,
          signal,
          changed(wrong) {
            if (wrong === undefined) return;
            capability.unhealthy = wrong;
            look(id);
          },
        }),
        signal,
      );
    }
    report(id);
  }

  #loop(loop: Promise<never>, signal: AbortSignal): void {
    loop.catch((error) => {
      if (!signal.aborted) this.#options.log.error("A probe loop failed", { error });
    });
  }
}

/** Whether it was ready when last looked at; undefined for something just started or
 * just adopted. */
function readinessOf({ findings }: Capability): boolean | undefined {
  if (findings.ready?.reason === "ProbeSucceeded") return true;
  return findings.ready?.reason === "ProbeFailed" ? false : undefined;
}
