import type { ServiceRuntime, ServiceRuntimeStatus } from "@servicelet/shared/kinds";
import { PROVIDER_VERSION } from "@servicelet/shared/kinds";
import { type Condition, formatMemory, setCondition } from "@servicelet/shared/krm";
import type { Fingerprint } from "@servicelet/runtimes";
import type { Machine } from "../machine.ts";

/** What whoever starts a servicelet says about its runtime. */
export interface RuntimeProfile {
  /** The identifier that assignments carry. */
  readonly name: string;
  readonly region?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** The document of a runtime that has none yet. */
export function newRuntime({ name, region, labels }: RuntimeProfile): ServiceRuntime {
  return {
    apiVersion: PROVIDER_VERSION,
    kind: "ServiceRuntime",
    metadata: { name, labels: { ...labels } },
    spec: region === undefined ? {} : { region },
  };
}

/** What the profile says and the document does not, as a merge patch; undefined where it says all of it. */
export function profilePatch(
  { metadata, spec }: ServiceRuntime,
  { region, labels }: RuntimeProfile,
): Record<string, unknown> | undefined {
  const missing = Object.entries(labels).filter(([key, value]) => metadata.labels?.[key] !== value);
  const patch = {
    ...(missing.length > 0 ? { metadata: { labels: Object.fromEntries(missing) } } : {}),
    ...(region !== undefined && region !== spec?.region ? { spec: { region } } : {}),
  };
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** The status that a runtime's document should have.
 *
 * @param now milliseconds since 1970
 */
export function runtimeStatus(
  document: ServiceRuntime,
  { fingerprints, machine, version, orphaned, now }: {
    readonly fingerprints: readonly Fingerprint[];
    readonly machine: Machine;
    readonly version: string;
    /** Ids of capabilities that the control plane does not know. */
    readonly orphaned: readonly string[];
    readonly now: number;
  },
): ServiceRuntimeStatus {
  const conditions: Condition[] = (document.status?.conditions ?? []).map((condition) => ({ ...condition }));
  const generation = document.metadata.generation;
  setCondition(conditions, {
    type: "Ready",
    status: "True",
    reason: "ServiceletRunning",
    message: "The servicelet follows its assignments",
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  }, now);
  const jdks = fingerprints.flatMap((fingerprint) => fingerprint.jdks ?? []);
  return {
    ...document.status,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions,
    runtimes: fingerprints.map(({ type, available, version, message }) => ({
      type,
      available,
      ...(version === undefined ? {} : { version }),
      ...(message === undefined ? {} : { message }),
    })),
    capacity: { cpu: machine.cpu, memory: formatMemory(machine.memory) },
    jdks: jdks.map(({ home, version, feature }) => ({ home, version, feature })),
    servicelet: { version, arch: machine.arch, os: machine.os, bootId: machine.bootId },
    orphaned: [...orphaned],
  };
}
