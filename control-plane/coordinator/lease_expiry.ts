import { LEASE_SECONDS, PROVIDER_GROUP, SYSTEM_NAMESPACE } from "@servicelet/shared/kinds";
import { conditionOf, isNotFound, type KubeObject, setCondition } from "@servicelet/shared/krm";
import { createQueue } from "@servicelet/shared/reconcile";
import { followDocuments } from "./follow_documents.ts";
import type { CoordinatorPorts } from "./ports.ts";

const RUNTIMES = `${PROVIDER_GROUP}/serviceruntimes`;
/** Longest wait of the timer; the platform's timers end at 24 days. */
const LONGEST_SLEEP_MS = 24 * 60 * 60 * 1000;
const LEASES = { resource: "coordination.k8s.io/leases", namespace: SYSTEM_NAMESPACE };

/** Says of a ServiceRuntime that nobody knows how it is (Ready=Unknown, LeaseExpired) once its servicelet has not renewed its Lease in time.
 *
 * Time counts from when a renewal was seen here, as in Kubernetes: clocks of devices may be wrong. After a restart of the control plane
 * every Lease therefore runs anew. One timer serves all runtimes: it waits for whichever may run out first. */
export function startLeaseExpiry(ports: CoordinatorPorts): AsyncDisposable {
  const { cache, documents, registry, clock } = ports;
  /** Per runtime whose word counts at present: when its lease runs out, on the monotonic clock. */
  const deadlines = new Map<string, number>();
  const runtimes = new Set<string>();
  let wake = new AbortController();
  let closed = false;
  /** When the timer rings. */
  let ringsAt = Infinity;

  const queue = createQueue({ ...ports, reconcile: expire });
  const leases = followDocuments(cache, LEASES, (key, lease) => {
    const name = nameOf(key);
    // A deleted Lease has run out; one of something that is no runtime concerns nobody.
    const seconds = lease ? lease["spec"]?.leaseDurationSeconds ?? LEASE_SECONDS : 0;
    watchOver(name, clock.monotonic() + seconds * 1000);
  });
  const twins = followDocuments(cache, { resource: RUNTIMES }, (key, runtime) => {
    const name = nameOf(key);
    if (!runtime) {
      runtimes.delete(name);
      deadlines.delete(name);
    } else if (!runtimes.has(name)) {
      runtimes.add(name);
      // Without a Lease it has as long as with one.
      if (!deadlines.has(name)) watchOver(name, clock.monotonic() + LEASE_SECONDS * 1000);
    } else if (!isUnknown(runtime) && !deadlines.has(name)) {
      watchOver(name, clock.monotonic() + LEASE_SECONDS * 1000);
    }
  });
  const timer = ring();

  function watchOver(name: string, deadline: number): void {
    deadlines.set(name, deadline);
    if (deadline < ringsAt) wake.abort();
  }

  async function ring(): Promise<void> {
    while (!closed) {
      const now = clock.monotonic();
      ringsAt = now + LONGEST_SLEEP_MS;
      for (const [name, deadline] of deadlines) {
        if (deadline > now) ringsAt = Math.min(ringsAt, deadline);
        else {
          deadlines.delete(name);
          if (runtimes.has(name)) queue.add(name);
        }
      }
      wake = new AbortController();
      await clock.sleep(ringsAt - now, wake.signal).catch(() => {});
    }
  }

  async function expire(name: string): Promise<void> {
    const resource = registry.stored(RUNTIMES);
    // Renewed since it was put here.
    if (!resource || (deadlines.get(name) ?? 0) > clock.monotonic()) return;
    try {
      await documents.update({ resource, namespace: "", name }, (runtime) => {
        const conditions = runtime["status"]?.conditions ?? [];
        const observedGeneration = runtime.metadata.generation ?? 1;
        setCondition(conditions, { ...EXPIRED, observedGeneration }, clock.now());
        runtime["status"] = { ...runtime["status"], conditions };
        return runtime;
      }, { subresource: "status" });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      leases[Symbol.dispose]();
      twins[Symbol.dispose]();
      closed = true;
      wake.abort();
      await timer;
      await queue[Symbol.asyncDispose]();
    },
  };
}

const EXPIRED = {
  type: "Ready",
  status: "Unknown",
  reason: "LeaseExpired",
  message:
    "The servicelet has not renewed its lease: it is down, or cannot reach the control plane. What runs there goes on.",
} as const;

function isUnknown(runtime: KubeObject): boolean {
  return conditionOf(runtime, "Ready")?.status === "Unknown";
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
