import { ATOMIC_BYTES, DOCUMENT_BYTES, GROUP_CHANGES, GROUP_CHUNK_BYTES, INLINE_BYTES } from "./limits.ts";
import { type Change, DocumentTooLarge, type Revision, StaleRevision, type Version } from "./store.ts";
import { recordSize } from "./version_record.ts";
import type { VersionIndex } from "./version_index.ts";

/** A change and who waits for it. */
export interface Waiting {
  readonly change: Change;
  resolve(revision: Revision): void;
  reject(reason: unknown): void;
}

/** What the next commit does with the changes that wait first. */
export interface Group {
  /** How many were looked at; the rest does not fit and waits for the commit after. */
  readonly taken: number;
  /** Changes whose preconditions hold, with the versions that they become: dense, after the index's revision. */
  readonly writes: readonly { readonly waiting: Waiting; readonly version: Version }[];
  /** Changes whose preconditions do not hold, given the index and the writes before them: true only if the commit succeeds. */
  readonly stale: readonly { readonly waiting: Waiting; readonly reason: StaleRevision }[];
  /** Changes that cannot be written whatever the index says. */
  readonly impossible: readonly { readonly waiting: Waiting; readonly reason: unknown }[];
}

/** Decides in memory, change by change, which hold: a conflict hits its document and never the group. Changes nothing. */
export function decideGroup(queue: readonly Waiting[], index: VersionIndex): Group {
  const writes: { waiting: Waiting; version: Version }[] = [];
  const stale: { waiting: Waiting; reason: StaleRevision }[] = [];
  const impossible: { waiting: Waiting; reason: unknown }[] = [];
  const written = new Map<string, Revision>();
  let taken = 0;
  let bytes = 0;
  let chunkBytes = 0;

  for (const waiting of queue) {
    if (writes.length === GROUP_CHANGES) break;
    const { key, expected, deleted } = waiting.change;
    const actual = written.get(key) ?? index.current.get(key) ?? 0;
    if (actual !== expected) {
      stale.push({ waiting, reason: new StaleRevision(key, expected, actual) });
      taken++;
      continue;
    }

    const revision = index.revision + writes.length + 1;
    const version = attempt(waiting.change, revision);
    if ("reason" in version) {
      impossible.push({ waiting, reason: version.reason });
      taken++;
      continue;
    }

    const size = version.document.bytes.length;
    const inline = size <= INLINE_BYTES;
    bytes += inline ? recordSize(key, version.document.bytes) : recordSize(key, { id: "", size });
    if (!inline) chunkBytes += size;
    if (writes.length > 0 && (bytes > ATOMIC_BYTES || chunkBytes > GROUP_CHUNK_BYTES)) break;
    writes.push({ waiting, version });
    written.set(key, deleted ? 0 : revision);
    taken++;
  }
  return { taken, writes, stale, impossible };
}

/** Tells everybody in a group that was committed. */
export function settleGroup({ writes, stale, impossible }: Group): void {
  for (const { waiting, version } of writes) waiting.resolve(version.revision);
  for (const { waiting, reason } of stale) waiting.reject(reason);
  for (const { waiting, reason } of impossible) waiting.reject(reason);
}

/** Tells everybody in a group that was not committed. */
export function failGroup({ writes, stale, impossible }: Group, reason: unknown): void {
  for (const { waiting } of writes) waiting.reject(reason);
  for (const { waiting } of stale) waiting.reject(reason);
  for (const { waiting, reason } of impossible) waiting.reject(reason);
}

function attempt(change: Change, revision: Revision): Version | { reason: unknown } {
  try {
    const document = change.encode(revision);
    if (document.bytes.length > DOCUMENT_BYTES) {
      return { reason: new DocumentTooLarge(change.key, document.bytes.length, DOCUMENT_BYTES) };
    }
    const { key, expected, deleted } = change;
    return { revision, key, previous: expected, deleted, document };
  } catch (reason) {
    return { reason };
  }
}
