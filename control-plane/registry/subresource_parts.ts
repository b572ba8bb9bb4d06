import type { KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "./resource.ts";

/** What a write through an endpoint may change: everything else is as it was.
 *
 * The main endpoint leaves `status` alone where that has an endpoint of its own; `status` writes nothing else; `finalize` writes
 * `spec.finalizers` alone. `metadata.resourceVersion` and `metadata.uid` of the wish stay: they are preconditions.
 */
export function writtenPart(
  resource: Resource,
  wish: KubeObject,
  old: KubeObject,
  subresource: "status" | "finalize" | undefined,
): KubeObject {
  if (subresource === undefined) {
    if (!resource.subresources.includes("status")) return wish;
    return withPart(wish, "status", old["status"]);
  }
  const { resourceVersion, uid } = wish.metadata;
  const kept: KubeObject = {
    ...old,
    metadata: {
      ...old.metadata,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(uid === undefined ? {} : { uid }),
    },
  };
  if (subresource === "status") return withPart(kept, "status", wish["status"]);
  return { ...kept, spec: { ...old["spec"], finalizers: wish["spec"]?.finalizers ?? [] } };
}

function withPart(document: KubeObject, key: string, value: unknown): KubeObject {
  const { [key]: _replaced, ...rest } = document;
  return (value === undefined ? rest : { ...rest, [key]: value }) as KubeObject;
}
