import type { Resource } from "../registry/resource.ts";

/** A subresource as discovery tells of it. */
export interface ServedSubresource {
  readonly name: Resource["subresources"][number];
  readonly verbs: readonly string[];
}

const VERBS: Readonly<Record<ServedSubresource["name"], readonly string[]>> = {
  status: ["get", "patch", "update"],
  finalize: ["update"],
  assignments: ["get", "watch"],
};

/** Subresources of a resource with their verbs. */
export function subresourcesOf({ subresources }: Resource): ServedSubresource[] {
  return subresources.map((name) => ({ name, verbs: VERBS[name] }));
}
