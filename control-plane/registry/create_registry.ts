import type { KubeObject } from "@servicelet/shared/krm";
import type { Log } from "@servicelet/shared/ports";
import type { CacheEvent, WatchCache } from "../cache/watch_cache.ts";
import { resourcesOfDefinition } from "../schema/mod.ts";
import { configMaps } from "./builtin/config_map.ts";
import { customResourceDefinitions } from "./builtin/custom_resource_definition.ts";
import { events } from "./builtin/event.ts";
import { leases } from "./builtin/lease.ts";
import { namespaces } from "./builtin/namespace.ts";
import { secrets } from "./builtin/secret.ts";
import { takenName } from "./definition_names.ts";
import { groupResource } from "./document_key.ts";
import { forbidden } from "./failures.ts";
import { withOwnSubresources } from "./own_subresources.ts";
import type { Resource, ResourceRegistry } from "./resource.ts";

const DEFINITIONS = "apiextensions.k8s.io/customresourcedefinitions";
const UTF8 = new TextDecoder();

/** A registry that follows the definitions in the cache until it is disposed of. */
export interface FollowingRegistry extends ResourceRegistry, Disposable {}

/** The built-in kinds and those that CustomResourceDefinitions define. The cache tells of a definition before its write is
 * acknowledged, so that the kind is served from then on. */
export function createRegistry(
  { cache, log }: { readonly cache: WatchCache; readonly log: Log },
): FollowingRegistry {
  const definitions = new Map<string, KubeObject>();
  const builtIns = [
    namespaces(),
    configMaps(),
    secrets(),
    events(),
    leases(),
    customResourceDefinitions((definition) => takenName(definition, definitions.values())),
  ];
  const custom = new Map<string, readonly Resource[]>();
  let generation = 0;
  let index = indexOf(builtIns);

  function define(name: string, bytes: Uint8Array): void {
    const definition: KubeObject = JSON.parse(UTF8.decode(bytes));
    definitions.set(name, definition);
    const resources = isEstablished(definition) ? resourcesOf(name, definition) : [];
    custom.set(name, definition.metadata.deletionTimestamp ? resources.map(terminating) : resources);
  }

  function resourcesOf(name: string, definition: KubeObject): readonly Resource[] {
    try {
      return resourcesOfDefinition(definition).map(withOwnSubresources);
    } catch (error) {
      // Another version of this program took it: its kind is not served here, all others are.
      log.error("cannot serve the kind that a CustomResourceDefinition defines", { name, error });
      return [];
    }
  }

  function follow({ type, key, bytes }: CacheEvent): boolean {
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (type === "DELETED") {
      definitions.delete(name);
      custom.delete(name);
    } else define(name, bytes);
    publish();
    return true;
  }

  function publish(): void {
    generation++;
    index = indexOf([...builtIns, ...[...custom.values()].flat()]);
  }

  for (const { key, bytes } of cache.list({ resource: DEFINITIONS })) {
    define(key.slice(key.lastIndexOf("/") + 1), bytes);
  }
  publish();
  const watch = cache.watch({ resource: DEFINITIONS }, cache.revision, follow);

  return {
    find: (group, version, plural) => index.served.get(`${group}/${version}/${plural}`),
    all: () => index.all,
    stored: (name) => index.stored.get(name),
    get generation() {
      return generation;
    },
    [Symbol.dispose]: () => watch.stop(),
  };
}

interface Index {
  readonly all: readonly Resource[];
  readonly served: ReadonlyMap<string, Resource>;
  readonly stored: ReadonlyMap<string, Resource>;
}

function indexOf(all: readonly Resource[]): Index {
  const stored = new Map<string, Resource>();
  for (const resource of all) {
    const name = groupResource(resource);
    // Where the storage version is not served, any version will do: they differ in `apiVersion` alone.
    if (resource.version === resource.storageVersion || !stored.has(name)) stored.set(name, resource);
  }
  return {
    all,
    served: new Map(
      all.map((resource) => [`${resource.group}/${resource.version}/${resource.plural}`, resource]),
    ),
    stored,
  };
}

function isEstablished(definition: KubeObject): boolean {
  return definition["status"]?.conditions?.some((condition: { type: string; status: string }) =>
    condition.type === "Established" && condition.status === "True"
  ) === true;
}

/** The same resource, taking no new documents: those it has are being deleted with the definition. */
function terminating(resource: Resource): Resource {
  return {
    ...resource,
    strategy: {
      ...resource.strategy,
      prepareCreate({ metadata }) {
        const why = "create not allowed while custom resource definition is terminating";
        throw forbidden(resource, metadata.name, why);
      },
    },
  };
}
