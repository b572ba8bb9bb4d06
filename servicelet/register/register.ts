/** Keeps the documents of this runtime: its ServiceRuntime, and the Lease that shows it alive.
 *
 * @module
 */
import { type KubeClient, Unreachable } from "@servicelet/shared/client";
import { LEASE_RENEWAL_SECONDS, type ServiceRuntime } from "@servicelet/shared/kinds";
import { isNotFound } from "@servicelet/shared/krm";
import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { createQueue, type Next } from "@servicelet/shared/reconcile";
import type { Driver, Fingerprint } from "@servicelet/runtimes";
import { runtimePath } from "../documents.ts";
import type { Machine } from "../machine.ts";
import { mergePatchBetween } from "../report/status_of.ts";
import { renewLease } from "./lease.ts";
import { newRuntime, profilePatch, type RuntimeProfile, runtimeStatus } from "./runtime_document.ts";

/** The control plane may have given the runtime up meanwhile (its lease ran out while it was away). */
const LOOK_MS = 60_000;
/** Programs are installed and removed. */
const FINGERPRINT_MS = 10 * 60_000;
const ABSENT_MS = 10_000;

/** Ports of {@link createRegistration}. */
export interface RegistrationOptions {
  readonly client: KubeClient;
  readonly profile: RuntimeProfile;
  readonly machine: Machine;
  readonly drivers: readonly Driver[];
  /** Version of the servicelet. */
  readonly version: string;
  /** Ids of capabilities that the control plane does not know. */
  readonly orphaned: () => readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The registering loop. */
export interface Registration extends AsyncDisposable {
  /** Look at the documents now: something changed, or the control plane is there again. */
  touch(): void;
}

/** Starts the registering loop. */
export function createRegistration(options: RegistrationOptions): Registration {
  const { client, profile, clock, random, log } = options;
  const fingerprints = rememberedFingerprints(options);
  const loops = {
    async runtime(signal: AbortSignal): Promise<Next> {
      await keepRuntime(options, fingerprints, signal);
      return { requeueAfterMs: LOOK_MS };
    },
    async lease(signal: AbortSignal): Promise<Next> {
      await renewLease(client, profile.name, { now: clock.now(), signal });
      return { requeueAfterMs: LEASE_RENEWAL_SECONDS * 1000 };
    },
  };
  const queue = createQueue({
    async reconcile(key, signal) {
      try {
        return await loops[key as keyof typeof loops](signal);
      } catch (error) {
        // The stream tells of absence, and of its end.
        if (error instanceof Unreachable) return { requeueAfterMs: ABSENT_MS };
        throw error;
      }
    },
    clock,
    random,
    log,
    retry: { initialMs: 200, maxMs: 10_000 },
  });
  const touch = () => {
    queue.add("runtime");
    queue.add("lease");
  };
  touch();
  return { touch, [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose]() };
}

async function keepRuntime(
  { client, profile, machine, version, orphaned, clock }: RegistrationOptions,
  fingerprints: () => Promise<readonly Fingerprint[]>,
  signal: AbortSignal,
): Promise<void> {
  // The request goes out first: looking at the machine takes its time beside it.
  const [found, looked] = await Promise.all([takeUp(client, profile, signal), fingerprints()]);
  let document = found;
  const patch = profilePatch(document, profile);
  if (patch) document = await client.patch(runtimePath(profile.name), "merge", patch, { signal });
  const status = mergePatchBetween(
    document.status,
    runtimeStatus(document, {
      fingerprints: looked,
      machine,
      version,
      orphaned: orphaned(),
      now: clock.now(),
    }),
  );
  if (!status) return;
  const { resourceVersion } = document.metadata;
  await client.patch(
    runtimePath(profile.name, "status"),
    "merge",
    { metadata: { resourceVersion }, status },
    {
      signal,
    },
  );
}

async function takeUp(
  client: KubeClient,
  profile: RuntimeProfile,
  signal: AbortSignal,
): Promise<ServiceRuntime> {
  const path = runtimePath(profile.name);
  try {
    return await client.get<ServiceRuntime>(path, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return await client.create(runtimePath(), newRuntime(profile), { signal });
}

function rememberedFingerprints(
  { drivers, clock }: RegistrationOptions,
): () => Promise<readonly Fingerprint[]> {
  let last: { readonly at: number; readonly looked: Promise<readonly Fingerprint[]> } | undefined;
  return () => {
    if (!last || clock.monotonic() - last.at >= FINGERPRINT_MS) {
      last = { at: clock.monotonic(), looked: Promise.all(drivers.map((driver) => driver.fingerprint())) };
    }
    return last.looked;
  };
}
