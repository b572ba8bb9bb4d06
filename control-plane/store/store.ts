/** The data plane: every document, durable, in one sequence of revisions.
 *
 * @module
 */
import type { KubeObject } from "@servicelet/shared/krm";

/** A dense integer: each change of a document takes the next one. It is the `resourceVersion` of Kubernetes. */
export type Revision = number;

/** `group/resource/namespace/name`; the core group and the namespace of cluster-scoped documents are empty. */
export type DocumentKey = string;

/** A document as bytes of JSON, exactly as they are sent to clients, `metadata.resourceVersion` included. */
export interface EncodedDocument {
  /** UTF-8. */
  readonly bytes: Uint8Array;
  /** The same parsed, where the writer had it at hand; never to be changed. */
  readonly object?: KubeObject;
}

/** What one revision did. */
export interface Version {
  /** Its number. */
  readonly revision: Revision;
  /** Document that it changed. */
  readonly key: DocumentKey;
  /** Revision that this one replaced; 0 where the document did not exist. */
  readonly previous: Revision;
  /** True where the revision removed the document: then `document` is its last state, stamped with this revision. */
  readonly deleted: boolean;
  /** State after the change. */
  readonly document: EncodedDocument;
}

/** One wish to write. */
export interface Change {
  /** Document to write. */
  readonly key: DocumentKey;
  /** Revision that the document must be at; 0 means that it must not exist. */
  readonly expected: Revision;
  /** True removes the document. */
  readonly deleted: boolean;
  /** Makes the bytes for the revision that the change gets. Called again where another process was faster; must not have effects. */
  encode(revision: Revision): EncodedDocument;
}

/** Takes every version in order. Called synchronously, before the promise of the commit resolves; must not throw. */
export type Follower = (version: Version) => void;

/** Where documents live. One conformance suite (`conformance.ts`) runs over every implementation. */
export interface Store extends AsyncDisposable {
  /** Last revision applied here. */
  readonly revision: Revision;
  /** History before this revision is gone: a watch can resume at or after it. */
  readonly floor: Revision;
  /** Hands over every version that is kept, oldest first, then each new one as it is committed, by whomever.
   * Resolves when all that existed at the call has been handed over. Called once. */
  follow(follower: Follower): Promise<void>;
  /** Writes one document. Resolves once durable and handed to the follower; changes that wait at the same time share a commit.
   *
   * @throws {StaleRevision} the document is not at `expected`; nothing was written
   * @throws {DocumentTooLarge} nothing was written
   * @throws {StoreUnavailable} the backend failed (disk full, connection lost); whether it was written is unknown only where it says so */
  commit(change: Change): Promise<Revision>;
  /** Resolves when everything acknowledged by anyone before the call has been handed to the follower. Free where this process is the only writer. */
  sync(): Promise<void>;
  /** Forgets superseded versions and deletions before `floor`, which then is the new floor. */
  compact(floor: Revision): Promise<void>;
}

/** A precondition does not hold. */
export class StaleRevision extends Error {
  /** For logs. */
  override readonly name = "StaleRevision";
  /** Tells both revisions.
   *
   * @param actual revision the document is at; 0 where there is none */
  constructor(readonly key: DocumentKey, readonly expected: Revision, readonly actual: Revision) {
    super(`Cannot write ${key}: it must be at revision ${expected}, it is at ${actual}`);
  }
}

/** A document is above the limit of 1.5 MiB. */
export class DocumentTooLarge extends Error {
  /** For logs. */
  override readonly name = "DocumentTooLarge";
  /** Tells both sizes.
   *
   * @param size in bytes @param limit in bytes */
  constructor(readonly key: DocumentKey, readonly size: number, readonly limit: number) {
    super(`Cannot write ${key}: it must have at most ${limit} bytes, it has ${size}`);
  }
}

/** The backend failed. Retrying may help. */
export class StoreUnavailable extends Error {
  /** For logs. */
  override readonly name = "StoreUnavailable";
}
