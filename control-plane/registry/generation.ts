import { deepEqual, type KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "./resource.ts";

/** Whether what is wanted differs: anything but metadata, and but status where that has an endpoint of its own. */
export function desireChanged(resource: Resource, document: KubeObject, old: KubeObject): boolean {
  const withStatus = resource.subresources.includes("status");
  for (const key of new Set([...Object.keys(document), ...Object.keys(old)])) {
    if (key === "metadata" || key === "apiVersion" || key === "kind") continue;
    if (key === "status" && withStatus) continue;
    if (!deepEqual(document[key], old[key])) return true;
  }
  return false;
}
