import type { KubeObject } from "@servicelet/shared/krm";
import { StaleRevision } from "../store/mod.ts";
import type { DocumentKey, Revision, Store } from "../store/mod.ts";
import type { WatchCache } from "../cache/watch_cache.ts";
import { apiVersionOf, documentKey } from "./document_key.ts";
import { encodeDocument } from "./encode_document.ts";
import type { Resource } from "./resource.ts";

/** One write of a document that passed all rules. */
export interface DocumentCommit {
  readonly resource: Resource;
  readonly document: KubeObject;
  /** Revision it must be at; 0 where it must not exist. */
  readonly expected: Revision;
  readonly deleted: boolean;
}

/** Commits a document at its storage version and answers it, stamped, at the version of the resource.
 *
 * @throws {StaleRevision} another write was faster
 */
export async function commitDocument(
  store: Store,
  { resource, document, expected, deleted }: DocumentCommit,
): Promise<KubeObject> {
  const { namespace = "", name } = document.metadata;
  const stored = resource.version === resource.storageVersion ? document : {
    ...document,
    apiVersion: apiVersionOf(resource, resource.storageVersion),
    metadata: { ...document.metadata },
  };
  const revision = await store.commit({
    key: documentKey(resource, namespace, name),
    expected,
    deleted,
    encode: (revision) => encodeDocument(stored, revision),
  });
  document.metadata.resourceVersion = String(revision);
  return document;
}

/** Waits until the cache shows what made a write stale, so that the next attempt starts from there. */
export async function seeFasterWrite(error: StaleRevision, seen: Revision, cache: WatchCache): Promise<void> {
  if (error.actual > cache.revision) await cache.waitFor(error.actual);
  else if (currentRevision(cache, error.key) === seen) await cache.sync();
}

function currentRevision(cache: WatchCache, key: DocumentKey): Revision {
  return cache.get(key)?.revision ?? 0;
}
