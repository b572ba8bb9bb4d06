/** All documents in memory, as bytes: every read and every watch is served from here.
 *
 * @module
 */
import type { FieldSelector, LabelSelector } from "@servicelet/shared/krm";
import type { DocumentKey, Revision } from "../store/mod.ts";

/** Which documents a list or watch is about. */
export interface Scope {
  /** `group/plural`; undefined means every resource (only with `fields`). */
  readonly resource: string | undefined;
  /** Absent or empty means all. */
  readonly namespace?: string;
  /** Only documents of this name. */
  readonly name?: string;
  /** What their labels must be. */
  readonly labels?: LabelSelector;
  /** What their indexed fields must be. */
  readonly fields?: FieldSelector;
}

/** A document in the cache. */
export interface CachedDocument {
  /** Its name in the store. */
  readonly key: DocumentKey;
  /** Its `metadata.resourceVersion`. */
  readonly revision: Revision;
  /** JSON as sent to clients. */
  readonly bytes: Uint8Array;
}

/** One change as a watcher with selectors sees it: entering is ADDED, leaving is DELETED with the state before. */
export interface CacheEvent {
  /** What it is to the watcher's scope. */
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** Revision of the change, also where the document left the scope. */
  readonly revision: Revision;
  /** Of the document that changed. */
  readonly key: DocumentKey;
  /** The document's bytes, to be sent or projected. */
  readonly bytes: Uint8Array;
  /** `{"type":…,"object":…}\n`, encoded once for all watchers that see this type. */
  line(): Uint8Array;
}

/** Takes events synchronously, in order of revision. Answers false when it can take no more: then it is dropped, and may watch again
 * from the last event that it took. One that throws is dropped too. */
export type Watcher = (event: CacheEvent) => boolean;

/** A registered watch. */
export interface WatchHandle {
  /** Ends it; no call of the watcher follows. */
  stop(): void;
}

/** Reads and watches. All methods but `sync` are synchronous and see one state. */
export interface WatchCache {
  /** Last revision applied. */
  readonly revision: Revision;
  /** A watch can resume at or after this revision. */
  readonly floor: Revision;
  /** Resolves when every write acknowledged before the call is visible. */
  sync(): Promise<void>;
  /** Resolves when `revision` is visible, rejects with `Timeout` (cause ResourceVersionTooLarge) after three seconds. */
  waitFor(revision: Revision): Promise<void>;
  /** The document as it is now. */
  get(key: DocumentKey): CachedDocument | undefined;
  /** Documents of a scope in order of their keys, after `after` where given. */
  list(scope: Scope, after?: DocumentKey): Iterable<CachedDocument>;
  /** The same as it was at `revision`; undefined where that is before the floor. */
  listAt(scope: Scope, revision: Revision, after?: DocumentKey): Iterable<CachedDocument> | undefined;
  /** Calls `watcher` for every event of the scope after `since`, first those kept (at once), then as they come.
   *
   * @throws {StatusError} `Expired` where `since` is before the floor */
  watch(scope: Scope, since: Revision, watcher: Watcher): WatchHandle;
}
