import type { Clock, Log, Random } from "@servicelet/shared/ports";
import type { WatchCache } from "../cache/watch_cache.ts";
import type { Documents } from "../registry/documents.ts";
import type { ResourceRegistry } from "../registry/resource.ts";

/** What the controllers work with. */
export interface CoordinatorPorts {
  readonly cache: WatchCache;
  readonly documents: Documents;
  readonly registry: ResourceRegistry;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}
