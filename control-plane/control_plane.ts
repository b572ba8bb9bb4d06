import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { OWN_DEFINITIONS } from "@servicelet/shared/kinds/definitions";
import { WatchStreams } from "./api/watch_streams.ts";
import { createApp } from "./app.ts";
import type { Tokens } from "./auth/mod.ts";
import { compact, createWatchCache, type FollowingCache, type WatchCache } from "./cache/mod.ts";
import { createDocuments } from "./registry/create_documents.ts";
import { createRegistry } from "./registry/create_registry.ts";
import type { Documents } from "./registry/documents.ts";
import { installOwnDocuments } from "./registry/install_own_documents.ts";
import type { ResourceRegistry } from "./registry/resource.ts";
import type { Store } from "./store/mod.ts";

/** Milliseconds between two looks at how much history is kept. */
const COMPACTION_INTERVAL = 30_000;

/** What a control plane is made of. The store stays the caller's, who closes it after the control plane. */
export interface ControlPlaneOptions {
  /** Where the documents are kept. */
  readonly store: Store;
  /** Learns the tokens of servicelets from the documents. */
  readonly tokens: Tokens;
  /** Time of documents, timeouts and compaction. */
  readonly clock: Clock;
  /** Makes uids and generated names. */
  readonly random: Random;
  /** Takes what those who run the control plane should know. */
  readonly log: Log;
}

/** Answers HTTP requests; what cannot be done is answered with a `Status`, it never rejects. */
export interface HttpApi {
  /** The answer to a request. A watch's answer ends when its body is cancelled. */
  fetch(request: Request): Response | Promise<Response>;
}

/** A control plane that is ready: `app.fetch` answers requests. */
export interface ControlPlane extends AsyncDisposable {
  /** The HTTP API. */
  readonly app: HttpApi;
  /** All documents in memory, for controllers that read and watch. */
  readonly cache: WatchCache;
  /** The resources served now. */
  readonly registry: ResourceRegistry;
  /** Writes documents with all rules, for controllers. */
  readonly documents: Documents;
}

/** Starts a control plane on a store: loads the documents, installs its own kinds and namespaces. */
export async function createControlPlane(
  { store, tokens, clock, random, log }: ControlPlaneOptions,
): Promise<ControlPlane> {
  // The cache is there before the definitions that it holds are known.
  const known: { registry?: ResourceRegistry } = {};
  const fieldsOf = (groupResource: string) => known.registry?.stored(groupResource)?.fields;
  const cache = await createWatchCache({ store, fieldsOf, clock, log });
  const registry = known.registry = createRegistry({ cache, log });
  const documents = createDocuments({ store, cache, registry, clock, random });
  await installOwnDocuments(OWN_DEFINITIONS, { documents, registry });
  tokens.follow(cache);

  const stopping = new AbortController();
  const compaction = keepCompact({ cache, store, clock, log, signal: stopping.signal });
  const health = {
    live: { ping: () => undefined },
    ready: { shutdown: () => stopping.signal.aborted ? "the control plane is stopping" : undefined },
  };
  const streams = new WatchStreams({ clock, random });
  const app = createApp({ streams, cache, registry, documents, tokens, clock, random, log, health });

  return {
    app,
    cache,
    registry,
    documents,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await streams[Symbol.asyncDispose]();
      registry[Symbol.dispose]();
      await compaction;
    },
  };
}

interface CompactionOptions {
  readonly cache: FollowingCache;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Cuts the history now and then, until the signal aborts. */
async function keepCompact({ cache, store, clock, log, signal }: CompactionOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.sleep(COMPACTION_INTERVAL, signal);
      await compact(cache, { store, clock });
    } catch (error) {
      if (!signal.aborted) log.warn("cannot compact the history; trying again", { error });
    }
  }
}
