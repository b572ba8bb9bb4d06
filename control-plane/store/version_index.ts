import type { DocumentKey, Revision, Version } from "./store.ts";
import type { ChunkReference } from "./version_record.ts";

/** A version that nobody needs once the floor has reached `at`. */
export interface Superseded {
  readonly revision: Revision;
  /** Revision that replaced it; of a tombstone its own. */
  readonly at: Revision;
}

/** What a store keeps in memory: which document is at which revision, and what can be forgotten when. No documents. */
export interface VersionIndex {
  /** Last revision applied. */
  revision: Revision;
  floor: Revision;
  /** Documents that exist. */
  readonly current: Map<DocumentKey, Revision>;
  /** In order of `at`; the states of one document stand before its tombstone. */
  readonly superseded: Superseded[];
  /** Versions whose document lies in chunks. */
  readonly chunks: Map<Revision, ChunkReference>;
}

/** Index of an empty store. */
export function emptyIndex(): VersionIndex {
  return { revision: 0, floor: 0, current: new Map(), superseded: [], chunks: new Map() };
}

/** Takes the next version, in order of revision. */
export function applyVersion(
  index: VersionIndex,
  { revision, key, previous, deleted }: Omit<Version, "document">,
  chunks?: ChunkReference,
): void {
  // Where the version before was compacted away there is nothing to forget.
  if (previous > 0 && index.current.get(key) === previous) {
    index.superseded.push({ revision: previous, at: revision });
  }
  if (deleted) {
    index.current.delete(key);
    index.superseded.push({ revision, at: revision });
  } else {
    index.current.set(key, revision);
  }
  if (chunks) index.chunks.set(revision, chunks);
  index.revision = revision;
}

/** How many of `superseded`, from the start, are of no use once `floor` is the floor. */
export function countForgettable({ superseded }: VersionIndex, floor: Revision): number {
  const kept = superseded.findIndex(({ at }) => at > floor);
  return kept < 0 ? superseded.length : kept;
}
