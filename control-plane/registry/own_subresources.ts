import { groupResource } from "./document_key.ts";
import type { Resource } from "./resource.ts";

/** Subresources that a definition cannot ask for, by `group/plural` of our own kinds. */
const OWN: Readonly<Record<string, Resource["subresources"]>> = {
  "servicelet.dev/serviceruntimes": ["assignments"],
};

/** A defined resource with the subresources that only ours have. */
export function withOwnSubresources(resource: Resource): Resource {
  const own = OWN[groupResource(resource)];
  return own ? { ...resource, subresources: [...resource.subresources, ...own] } : resource;
}
