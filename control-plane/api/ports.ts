import type { Clock, Log, Random } from "@servicelet/shared/ports";
import type { WatchCache } from "../cache/watch_cache.ts";
import type { Documents } from "../registry/documents.ts";
import type { Resource, ResourceRegistry } from "../registry/resource.ts";
import type { ApiContext } from "./environment.ts";
import type { WatchStreams } from "./watch_streams.ts";

/** What the handlers of the API work with. */
export interface ApiPorts {
  readonly cache: WatchCache;
  readonly registry: ResourceRegistry;
  readonly documents: Documents;
  readonly streams: WatchStreams;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Answers one verb on one resource. */
export type ResourceVerb = (
  c: ApiContext,
  resource: Resource,
  ports: ApiPorts,
) => Response | Promise<Response>;
