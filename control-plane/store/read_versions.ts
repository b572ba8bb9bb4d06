import { readChunks } from "./chunks.ts";
import { versionKey } from "./head.ts";
import type { Kv } from "./kv.ts";
import { LIST_BATCH } from "./limits.ts";
import { type DocumentKey, type Revision, StoreUnavailable, type Version } from "./store.ts";
import { type ChunkReference, decodeRecord } from "./version_record.ts";

/** A version as it was read back. */
export interface StoredVersion {
  readonly version: Version;
  /** Id of the commit that wrote it. */
  readonly commit: string;
  /** Where its document lies, if not in the record. */
  readonly chunks: ChunkReference | undefined;
}

/** Versions after `from` up to `to`, in order; `newestFirst` turns the order round.
 *
 * A version whose chunks a compaction removed meanwhile is left out.
 */
export async function* readVersions(
  kv: Kv,
  { from, to, newestFirst = false }: { from: Revision; to: Revision; newestFirst?: boolean },
): AsyncGenerator<StoredVersion> {
  const range = { start: versionKey(from + 1), end: versionKey(to + 1) };
  const batchSize = Math.min(LIST_BATCH, Math.max(1, to - from));
  for await (const { key, value } of kv.list(range, { batchSize, reverse: newestFirst })) {
    const revision = Number(key[1]);
    const { key: document, previous, deleted, commit, body } = decodeRecord(value);
    const inline = body instanceof Uint8Array;
    // Most are inline: they need no promise each.
    const bytes = inline ? body : await readBody(kv, document, revision, body);
    if (!bytes) continue;
    const version = { key: document, revision, previous, deleted, document: { bytes } };
    yield { version, commit, chunks: inline ? undefined : body };
  }
}

async function readBody(
  kv: Kv,
  key: DocumentKey,
  revision: Revision,
  chunks: ChunkReference,
): Promise<Uint8Array | undefined> {
  const bytes = await readChunks(kv, chunks);
  if (bytes) return bytes;
  if ((await kv.get(versionKey(revision))).value === null) return undefined;
  throw new StoreUnavailable(`Cannot read ${key} at revision ${revision}: chunks of it are missing`);
}
