import { conditionOf, InvalidField, type KubeObject, parseMemory } from "@servicelet/shared/krm";

/** What the scheduler knows of a service runtime. Plain JSON. */
export interface RuntimeFacts {
  readonly name: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** Runtime types that are available there. */
  readonly types: readonly string[];
  readonly region: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes; undefined where the runtime does not say. */
  readonly memory: number | undefined;
}

/** What a ServiceRuntime document says. */
export function factsOf(runtime: KubeObject): RuntimeFacts {
  const { metadata, spec, status } = runtime;
  const offered: { type: string; available: boolean }[] = status?.runtimes ?? [];
  return {
    name: metadata.name,
    ready: metadata.deletionTimestamp === undefined && conditionOf(runtime, "Ready")?.status === "True",
    unschedulable: spec?.unschedulable === true,
    types: offered.filter(({ available }) => available).map(({ type }) => type),
    region: spec?.region,
    labels: metadata.labels ?? {},
    memory: capacity(status?.capacity?.memory),
  };
}

/** A servicelet's word is not checked by a schema: what is no quantity says nothing. */
function capacity(text: unknown): number | undefined {
  try {
    return typeof text === "string" ? parseMemory(text, "status.capacity.memory") : undefined;
  } catch (error) {
    if (error instanceof InvalidField) return undefined;
    throw error;
  }
}
