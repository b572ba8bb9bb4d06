import { fixedField, StatusError } from "@servicelet/shared/krm";
import type { Clock, Log } from "@servicelet/shared/ports";
import type { DocumentKey, Revision, Store, Version } from "../store/mod.ts";
import { ChangeEvents } from "./change_events.ts";
import { DocumentVersion } from "./document_version.ts";
import { DocumentsByField } from "./documents_by_field.ts";
import { ASSIGNMENT_FIELD, FieldIndex, type FieldReaders } from "./field_readers.ts";
import { History } from "./history.ts";
import { resourceOf } from "./key_parts.ts";
import { pastState } from "./past_state.ts";
import { keyPrefix, matcherOf, narrowed } from "./scope.ts";
import { byKey, lowerBound, SortedDocuments } from "./sorted_documents.ts";
import type { Scope, WatchCache, Watcher, WatchHandle } from "./watch_cache.ts";
import { WatcherIndex } from "./watcher_index.ts";

/** How long `waitFor` waits, in milliseconds: what Kubernetes' clients count on. */
const PATIENCE = 3_000;

/** What a watch cache needs. */
export interface WatchCacheOptions {
  /** Nobody else follows it. */
  readonly store: Store;
  /** Fields that documents of a resource (`group/plural`) are selected by, as they are now. */
  readonly fieldsOf: (groupResource: string) => FieldReaders | undefined;
  /** Times changes and limits waiting. */
  readonly clock: Clock;
  /** Told of watchers that throw. */
  readonly log?: Log;
}

/** A watch cache whose history can be cut. */
export interface FollowingCache extends WatchCache {
  /** Changes from which watches resume, for {@link compact}. */
  readonly history: Pick<History, "size" | "bytes" | typeof Symbol.iterator>;
  /** Forgets the history up to and including a revision, which then is the floor. */
  forget(floor: Revision): void;
}

/** A cache that follows a store. Resolves when all that the store keeps is in it. */
export async function createWatchCache(options: WatchCacheOptions): Promise<FollowingCache> {
  const cache = new StoreFollower(options);
  await cache.load();
  return cache;
}

/** A watch that takes events as they come. */
interface Registration {
  readonly matches: (version: DocumentVersion) => boolean;
  readonly watcher: Watcher;
  /** Revision up to which it has been served. */
  served: Revision;
  stopped: boolean;
  remove?: () => void;
}

/** Documents of one resource. */
interface ResourceDocuments {
  readonly documents: SortedDocuments;
  readonly fields: FieldIndex;
}

class StoreFollower implements FollowingCache {
  readonly #options: WatchCacheOptions;
  readonly #resources = new Map<string, ResourceDocuments>();
  readonly #watchers = new WatcherIndex<Registration>();
  readonly history = new History();
  readonly #arriving: Version[] = [];
  #applying = false;
  #revision: Revision = 0;
  #floor: Revision;
  #waiting: { readonly revision: Revision; resolve(): void }[] = [];
  /** Made when first asked for: to find the assignments of documents that were loaded they must be parsed. */
  #assigned: DocumentsByField | undefined;

  constructor(options: WatchCacheOptions) {
    this.#options = options;
    this.#floor = options.store.floor;
  }

  async load(): Promise<void> {
    const { store } = this.#options;
    await store.follow((version) => this.#follow(version));
    // The last revisions may be deletions that were forgotten since.
    this.#revision = Math.max(this.#revision, store.revision);
    this.forget(store.floor);
  }

  get revision(): Revision {
    return this.#revision;
  }

  get floor(): Revision {
    return this.#floor;
  }

  sync(): Promise<void> {
    return this.#options.store.sync();
  }

  async waitFor(revision: Revision): Promise<void> {
    if (revision <= this.#revision) return;
    const arrived = Promise.withResolvers<void>();
    const waiting = { revision, resolve: arrived.resolve };
    this.#waiting.push(waiting);
    const patience = new AbortController();
    try {
      await Promise.race([
        arrived.promise,
        // Another process may have written it.
        this.sync().then(() => arrived.promise),
        this.#options.clock.sleep(PATIENCE, patience.signal).then(() => this.#refuseToWait(revision)),
      ]);
    } finally {
      patience.abort();
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
    }
  }

  get(key: DocumentKey): DocumentVersion | undefined {
    return this.#resources.get(resourceOf(key))?.documents.get(key);
  }

  list(scope: Scope, after?: DocumentKey): Iterable<DocumentVersion> {
    return this.#list(narrowed(scope), after);
  }

  listAt(scope: Scope, revision: Revision, after?: DocumentKey): Iterable<DocumentVersion> | undefined {
    if (revision < this.#floor) return undefined;
    const narrow = narrowed(scope);
    const present = this.#list(narrow, after);
    if (revision >= this.#revision) return present;
    const matches = matcherOf(narrow);
    return pastState(
      present,
      this.history.after(revision),
      (version) => (after === undefined || version.key > after) && matches(version),
    );
  }

  watch(scope: Scope, since: Revision, watcher: Watcher): WatchHandle {
    if (since < this.#floor) {
      throw new StatusError("Expired", `too old resource version: ${since} (${this.#floor})`);
    }
    const narrow = narrowed(scope);
    const registration: Registration = { matches: matcherOf(narrow), watcher, served: since, stopped: false };
    for (const entry of this.history.after(since)) {
      this.#serve(registration, new ChangeEvents(entry), entry.version.revision);
      if (registration.stopped) break;
    }
    if (!registration.stopped) registration.remove = this.#watchers.add(narrow, registration);
    return { stop: () => stop(registration) };
  }

  forget(floor: Revision): void {
    if (floor <= this.#floor) return;
    this.#floor = Math.min(floor, this.#revision);
    this.history.forget(this.#floor);
  }

  /** Applies one version after the other, also where a watcher causes the next: all watchers see the same order. */
  #follow(version: Version): void {
    this.#arriving.push(version);
    if (this.#applying) return;
    this.#applying = true;
    try {
      for (let next = this.#arriving.shift(); next; next = this.#arriving.shift()) this.#apply(next);
    } finally {
      this.#applying = false;
    }
  }

  #apply({ key: storedKey, revision, deleted, document }: Version): void {
    const { documents, fields } = this.#documentsOf(resourceOf(storedKey));
    const previous = documents.get(storedKey);
    // One text for all states of a document.
    const key = previous?.key ?? storedKey;
    const version = new DocumentVersion(key, revision, document, fields);
    if (deleted) documents.delete(key);
    else documents.put(version);
    if (!deleted) this.#assigned?.put(version, previous);
    else if (previous) this.#assigned?.delete(previous);
    this.#revision = revision;
    if (revision > this.#floor) {
      const entry = { version, previous, deleted, at: this.#options.clock.monotonic() };
      this.history.push(entry);
      const events = new ChangeEvents(entry);
      this.#watchers.visit(entry, (registration) => this.#serve(registration, events, revision));
    }
    for (const waiting of this.#waiting) {
      if (waiting.revision <= revision) waiting.resolve();
    }
  }

  #serve(registration: Registration, events: ChangeEvents, revision: Revision): void {
    // One that was registered during this very change has been told already.
    if (registration.stopped || registration.served >= revision) return;
    registration.served = revision;
    const event = events.seenBy(registration.matches);
    if (!event) return;
    try {
      if (!registration.watcher(event)) stop(registration);
    } catch (error) {
      stop(registration);
      this.#options.log?.error("a watcher failed and was dropped", { key: event.key, revision, error });
    }
  }

  #list(scope: Scope, after: DocumentKey | undefined): Iterable<DocumentVersion> {
    if (scope.resource === undefined) return this.#listAcross(scope, after);
    const { documents } = this.#documentsOf(scope.resource);
    if (scope.name !== undefined && scope.namespace) {
      const document = documents.get(`${keyPrefix(scope)}${scope.name}`);
      return document && (after === undefined || document.key > after)
        ? [document].filter(matcherOf(scope))
        : [];
    }
    return selected(documents.snapshot(), scope, after);
  }

  #listAcross(scope: Scope, after: DocumentKey | undefined): Iterable<DocumentVersion> {
    const runtime = fixedField(scope.fields ?? [], ASSIGNMENT_FIELD);
    const candidates = runtime ? this.#assignments().get(runtime) : this.#all();
    const matches = matcherOf(scope);
    return [...candidates]
      .filter((document) => (after === undefined || document.key > after) && matches(document))
      .sort(byKey);
  }

  #assignments(): DocumentsByField {
    return this.#assigned ??= new DocumentsByField(ASSIGNMENT_FIELD, this.#all());
  }

  *#all(): Generator<DocumentVersion> {
    for (const { documents } of this.#resources.values()) yield* documents.snapshot();
  }

  #documentsOf(resource: string): ResourceDocuments {
    let documents = this.#resources.get(resource);
    if (!documents) {
      const fields = new FieldIndex(() => this.#options.fieldsOf(resource));
      this.#resources.set(resource, documents = { documents: new SortedDocuments(), fields });
    }
    return documents;
  }

  #refuseToWait(revision: Revision): never {
    throw new StatusError("Timeout", `Too large resource version: ${revision}, current: ${this.#revision}`, {
      details: {
        causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
        retryAfterSeconds: 1,
      },
    });
  }
}

function stop(registration: Registration): void {
  registration.stopped = true;
  registration.remove?.();
}

/** The part of a snapshot that is in a scope; it stays what it is while it is read. */
function* selected(
  documents: readonly DocumentVersion[],
  scope: Scope,
  after: DocumentKey | undefined,
): Generator<DocumentVersion> {
  const prefix = keyPrefix(scope);
  const matches = matcherOf(scope);
  const first = after === undefined || after < prefix ? prefix : after;
  for (let i = lowerBound(documents, first); i < documents.length; i++) {
    const document = documents[i]!; // below the length
    if (!document.key.startsWith(prefix)) return;
    if (document.key !== after && matches(document)) yield document;
  }
}
