import type { Json, JsonObject } from "@servicelet/shared/krm";
import { apiVersionOf } from "../registry/document_key.ts";
import type { Resource } from "../registry/resource.ts";
import type { Group } from "./discovery_groups.ts";
import { storageVersionHash } from "./storage_version_hash.ts";
import { subresourcesOf } from "./served_subresources.ts";

/** `/api`. */
export function apiVersions(): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [],
  };
}

/** `/apis`. */
export function apiGroupList(groups: readonly Group[]): JsonObject {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: groups.filter(({ name }) => name !== "").map(described),
  };
}

/** `/apis/{group}`; undefined where nothing of it is served. */
export function apiGroup(groups: readonly Group[], name: string): JsonObject | undefined {
  const group = groups.find((candidate) => candidate.name === name && name !== "");
  return group && { kind: "APIGroup", apiVersion: "v1", ...described(group) };
}

/** `/apis/{group}/{version}` and `/api/v1`; undefined where nothing of it is served. */
export function resourceList(
  groups: readonly Group[],
  name: string,
  version: string,
): Promise<JsonObject> | undefined {
  const served = groups.find((group) => group.name === name)?.versions.find((one) => one.version === version);
  return served && resourceListOf(name === "" ? version : `${name}/${version}`, served.resources);
}

async function resourceListOf(groupVersion: string, resources: readonly Resource[]): Promise<JsonObject> {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: (await Promise.all(resources.map(entries))).flat(),
  };
}

function described({ name, versions }: Group): JsonObject {
  const listed = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: listed, preferredVersion: listed[0] as Json };
}

async function entries(resource: Resource): Promise<JsonObject[]> {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: [...verbs],
      ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
      ...(categories.length > 0 ? { categories: [...categories] } : {}),
      storageVersionHash: await storageVersionHash(apiVersionOf(resource, resource.storageVersion), kind),
    },
    ...subresourcesOf(resource).map((subresource) => ({
      name: `${plural}/${subresource.name}`,
      singularName: "",
      namespaced,
      kind,
      verbs: [...subresource.verbs],
    })),
  ];
}
