import type { CoordinatorPorts } from "./ports.ts";
import { refOf } from "./follow_documents.ts";

/** How long Events are kept, in milliseconds, as in kube-apiserver. */
const KEPT_MS = 60 * 60 * 1000;
const SWEEP_MS = 5 * 60 * 1000;
const UTF8 = new TextDecoder();

/** Deletes Events that are older than an hour, every five minutes. */
export function startEventsExpiry(ports: CoordinatorPorts): AsyncDisposable {
  const { cache, documents, registry, clock, log } = ports;
  const closing = new AbortController();
  const sweeping = sweepForEver();

  async function sweepForEver(): Promise<void> {
    while (await slept()) {
      await sweep().catch((error) => log.warn("Cannot delete old Events; trying again in 5 min", { error }));
    }
  }

  async function slept(): Promise<boolean> {
    await clock.sleep(SWEEP_MS, closing.signal).catch(() => {});
    return !closing.signal.aborted;
  }

  async function sweep(): Promise<void> {
    for (const { key, bytes } of [...cache.list({ resource: "/events" })]) {
      const ref = refOf(registry, key);
      if (ref && lastTime(JSON.parse(UTF8.decode(bytes))) < clock.now() - KEPT_MS) {
        // Deleted by somebody else, or not: it is looked at again in five minutes.
        await documents.delete(ref).catch(() => {});
      }
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await sweeping;
    },
  };
}

interface EventTimes {
  readonly lastTimestamp?: string | null;
  readonly series?: { readonly lastObservedTime?: string };
  readonly metadata: { readonly creationTimestamp?: string };
}

function lastTime({ lastTimestamp, series, metadata }: EventTimes): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? metadata.creationTimestamp ?? "");
}
