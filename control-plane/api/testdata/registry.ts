import { ownDefinitions } from "@servicelet/shared/kinds/crds";
import { configMaps } from "../../registry/builtin/config_map.ts";
import { leases } from "../../registry/builtin/lease.ts";
import { namespaces } from "../../registry/builtin/namespace.ts";
import type { Resource, ResourceRegistry } from "../../registry/resource.ts";
import { resourcesOfDefinition } from "../../schema/mod.ts";

/** A registry whose resources a test adds to. */
export interface GrowingRegistry extends ResourceRegistry {
  add(...resources: Resource[]): void;
}

/** A registry with some built-in kinds and our own. */
export function growingRegistry(): GrowingRegistry {
  const resources = [
    namespaces(),
    configMaps(),
    leases(),
    ...ownDefinitions().flatMap(resourcesOfDefinition),
  ];
  let generation = 1;
  return {
    find: (group, version, plural) =>
      resources.find((one) => one.group === group && one.version === version && one.plural === plural),
    all: () => resources,
    stored: (name) => resources.find((one) => `${one.group}/${one.plural}` === name),
    get generation() {
      return generation;
    },
    add(...added) {
      resources.push(...added);
      generation++;
    },
  };
}
