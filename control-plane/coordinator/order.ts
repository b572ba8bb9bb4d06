import { RUNTIMES_GROUP } from "@servicelet/shared/kinds";
import { type KubeObject, type LabelSelector, labelSelectorOf, parseMemory } from "@servicelet/shared/krm";

/** Kinds of capabilities, `group/plural`, and the runtime type that each needs. */
export const RUNTIME_TYPES: ReadonlyMap<string, string> = new Map([
  [`${RUNTIMES_GROUP}/processapplications`, "process"],
  [`${RUNTIMES_GROUP}/javaapplications`, "jvm"],
]);

/** What a capability asks of a runtime. */
export interface Order {
  readonly runtimeType: string;
  /** Suitable regions; any if empty. */
  readonly regions: readonly string[];
  readonly selector: LabelSelector;
  /** Bytes. */
  readonly memory: number;
}

/** What a capability's document asks for.
 *
 * @throws {StatusError} where its label selector cannot be read
 */
export function orderOf(document: KubeObject, runtimeType: string): Order {
  const { placement } = document["spec"] ?? {};
  return {
    runtimeType,
    regions: placement?.regions ?? [],
    selector: labelSelectorOf(placement?.selector ?? {}),
    memory: requestedMemory(document),
  };
}

/** Memory that a capability asks for in bytes; 0 where it does not say. */
export function requestedMemory({ spec }: KubeObject): number {
  const text = spec?.resources?.requests?.memory;
  return text === undefined ? 0 : parseMemory(text, "spec.resources.requests.memory");
}
