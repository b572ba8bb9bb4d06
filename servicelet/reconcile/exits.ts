import type { Exit, Handle } from "@servicelet/runtimes";
import type { Capability } from "../state/mod.ts";
import { afterEnd } from "./restart_policy.ts";

/** Where and when an end was noticed. */
export interface ExitContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly bootId: string;
}

/** Writes down that a run ended although nobody asked for it. */
export function noteExit(
  capability: Capability,
  handle: Handle,
  exit: Exit,
  { now, bootId }: ExitContext,
): void {
  const { record } = capability;
  const lost = handle.bootId !== bootId;
  capability.running = undefined;
  record.handle = undefined;
  record.ended = { run: handle.run, revision: handle.revision, exit };
  // A reboot says nothing about the program.
  record.history = lost
    ? { ...record.history, retryAt: now }
    : afterEnd(record.history, { ranMs: now - Date.parse(handle.startedAt), now });
  const message = `Process ${handle.pid} ended: ${exit.message}`;
  capability.findings.started = { status: "False", reason: exit.reason, message };
  capability.findings.ready = { status: "False", reason: exit.reason, message };
}

/** Writes down that a run was ended on purpose. */
export function noteStop(capability: Capability): void {
  capability.running = undefined;
  capability.unhealthy = undefined;
  capability.record.handle = undefined;
  capability.record.ended = undefined;
}
