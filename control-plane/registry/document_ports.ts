import type { Clock, Random } from "@servicelet/shared/ports";
import type { WatchCache } from "../cache/watch_cache.ts";
import type { Store } from "../store/mod.ts";
import type { ResourceRegistry } from "./resource.ts";

/** What the document operations work with. */
export interface DocumentPorts {
  readonly store: Store;
  readonly cache: WatchCache;
  readonly registry: ResourceRegistry;
  readonly clock: Clock;
  readonly random: Random;
}
