/** Tells the control plane what was observed: one patch at a time per document, with everything that changed since the one before.
 *
 * @module
 */
import { type KubeClient, Unreachable } from "@servicelet/shared/client";
import { deepEqual, type KubeObject, StatusError } from "@servicelet/shared/krm";
import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { createQueue, type Next } from "@servicelet/shared/reconcile";
import { pathOf } from "../documents.ts";
import type { Capabilities, Capability } from "../state/mod.ts";
import { found, isNotOurs } from "./let_go.ts";
import { mergePatchBetween, statusOf } from "./status_of.ts";

const ABSENT_MS = 10_000;

/** Ports of {@link createReports}. */
export interface ReportsOptions {
  readonly client: KubeClient;
  readonly capabilities: Capabilities;
  /** Address under which others reach this machine. */
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The reporting loop. */
export interface Reports extends AsyncDisposable {
  /** Something about this capability may have to be told. */
  touch(id: string): void;
  /** The control plane can be reached again: what could not be told is told now. */
  online(): void;
}

/** Starts the reporting loop. */
export function createReports(options: ReportsOptions): Reports {
  const { capabilities, clock, random, log } = options;
  const untold = new Set<string>();
  const queue = createQueue({
    async reconcile(id, signal): Promise<Next | void> {
      const capability = capabilities.get(id);
      try {
        if (capability && tellable(capability)) await tell(capability, options, signal);
      } catch (error) {
        // The stream tells of absence, and of its end.
        if (error instanceof Unreachable) return { requeueAfterMs: ABSENT_MS };
        throw error;
      }
      untold.delete(id);
    },
    clock,
    random,
    log,
    concurrency: 8,
    retry: { initialMs: 200, maxMs: 30_000 },
  });
  return {
    touch(id) {
      untold.add(id);
      queue.add(id);
    },
    online() {
      for (const id of untold) queue.add(id);
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}

function tellable({ adopted, record }: Capability): boolean {
  return adopted && !record.orphaned && record.fate !== "release";
}

async function tell(
  capability: Capability,
  options: ReportsOptions,
  signal: AbortSignal,
): Promise<void> {
  const { client, address, clock, log } = options;
  const path = pathOf(capability.known, "status");
  try {
    const status = mergePatchBetween(
      capability.known.status,
      statusOf(capability, { now: clock.now(), address }),
    );
    if (!status) return;
    // The revision guards the conditions of others, which a merge patch would replace together with ours.
    const patch = { metadata: { resourceVersion: capability.known.metadata.resourceVersion }, status };
    learn(capability, await client.patch(path, "merge", patch, { signal }));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.reason === "Conflict") {
      const fresh = await found(client.get(pathOf(capability.known), { signal }));
      if (!fresh) return;
      learn(capability, fresh, true);
      return tell(capability, options, signal);
    }
    // It is gone, and the stream will say so; or it will not do, and saying it again would not help.
    if (isNotOurs(error)) return;
    if (!["Invalid", "BadRequest"].includes(error.reason)) throw error;
    log.error("The control plane refused a status", { id: capability.record.id, error });
  }
}

/** Keeps the newest known state of a document. `anyUid` also where it was made anew. */
export function learn(capability: Capability, document: KubeObject, anyUid = false): void {
  const { known } = capability;
  const newer = Number(document.metadata.resourceVersion) >= Number(known.metadata.resourceVersion ?? 0);
  if (anyUid || (newer && document.metadata.uid === known.metadata.uid && !deepEqual(known, document))) {
    capability.known = document;
  }
}
