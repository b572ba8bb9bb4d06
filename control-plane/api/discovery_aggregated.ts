import type { JsonObject } from "@servicelet/shared/krm";
import type { Resource } from "../registry/resource.ts";
import type { Group } from "./discovery_groups.ts";
import { subresourcesOf } from "./served_subresources.ts";

/** `/api` and `/apis` in the aggregated form: every group, version and resource at once.
 *
 * @see https://pkg.go.dev/k8s.io/api/apidiscovery/v2
 */
export function aggregatedGroups(groups: readonly Group[]): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { ...(name === "" ? {} : { name }), creationTimestamp: null },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(discovered),
        freshness: "Current",
      })),
    })),
  };
}

function discovered(resource: Resource): JsonObject {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories } = resource;
  const responseKind = { group, version, kind };
  const subresources = subresourcesOf(resource).map(({ name, verbs }) => ({
    subresource: name,
    responseKind,
    verbs: [...verbs],
  }));
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs: [...verbs],
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
