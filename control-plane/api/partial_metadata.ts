import type { Json, JsonObject, KubeObject } from "@servicelet/shared/krm";

/** The metadata of a document alone: a `PartialObjectMetadata`.
 *
 * @param apiVersion `meta.k8s.io/v1` or `meta.k8s.io/v1beta1`
 */
export function metadataOf(document: KubeObject, apiVersion: string): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion, metadata: document.metadata as unknown as Json };
}
