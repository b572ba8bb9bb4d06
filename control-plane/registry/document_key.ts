import type { DocumentKey } from "../store/mod.ts";
import type { Resource } from "./resource.ts";

/** `group/plural` of a resource, as keys and the cache name it. */
export function groupResource(resource: Resource): string {
  return `${resource.group}/${resource.plural}`;
}

/** Key of a document in the store. */
export function documentKey(resource: Resource, namespace: string, name: string): DocumentKey {
  return `${resource.group}/${resource.plural}/${namespace}/${name}`;
}

/** `apiVersion` of documents at a version of a resource. */
export function apiVersionOf(
  resource: Pick<Resource, "group" | "version">,
  version: string = resource.version,
): string {
  return resource.group === "" ? version : `${resource.group}/${version}`;
}
