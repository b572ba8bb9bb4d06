import type { Clock, Random } from "@servicelet/shared/ports";
import { commitWhenFree } from "./commit_when_free.ts";
import type { Kv, KvKey } from "./kv.ts";
import { ATOMIC_BYTES, CHUNK_BYTES, LIST_BATCH, ORPHAN_AGE } from "./limits.ts";
import type { ChunkReference } from "./version_record.ts";

/** Writes a large document's bytes, before the commit that refers to them: a crash in between leaves chunks that nobody knows. */
export async function writeChunks(
  bytes: Uint8Array,
  { kv, clock, random }: { kv: Kv; clock: Clock; random: Random },
): Promise<ChunkReference> {
  const id = timeDigits(clock.now()) + random.uuid().replaceAll("-", "").slice(12);
  const reference = { id, size: bytes.length };
  const keys = chunkKeys(reference);
  const perCommit = Math.floor(ATOMIC_BYTES / CHUNK_BYTES);
  for (let first = 0; first < keys.length; first += perCommit) {
    const operation = kv.atomic();
    for (const [offset, key] of keys.slice(first, first + perCommit).entries()) {
      const start = (first + offset) * CHUNK_BYTES;
      operation.set(key, bytes.subarray(start, start + CHUNK_BYTES));
    }
    await commitWhenFree(operation, { clock, random });
  }
  return reference;
}

/** A large document's bytes; undefined where chunks of it are missing. */
export async function readChunks(kv: Kv, reference: ChunkReference): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(reference.size);
  let read = 0;
  for await (const { value } of kv.list(chunkRange(reference.id), { batchSize: LIST_BATCH })) {
    if (!(value instanceof Uint8Array) || read + value.length > bytes.length) return undefined;
    bytes.set(value, read);
    read += value.length;
  }
  return read === bytes.length ? bytes : undefined;
}

/** Keys of all chunks of a document. */
export function chunkKeys({ id, size }: ChunkReference): KvKey[] {
  return Array.from({ length: Math.ceil(size / CHUNK_BYTES) }, (_, i) => ["chunk", id, i]);
}

/** Removes chunks that no version refers to and that are too old to belong to a commit under way. Resolves with their number.
 *
 * Reads only between the ids that are referred to: with large documents a list of all chunks would read the whole database.
 */
export async function sweepOrphans(
  referenced: Iterable<ChunkReference>,
  { kv, clock, random }: { kv: Kv; clock: Clock; random: Random },
): Promise<number> {
  const end = timeDigits(clock.now() - ORPHAN_AGE);
  const known = [...referenced].map(({ id }) => id).filter((id) => id < end).toSorted();
  let swept = 0;
  for (const [i, next] of [...known, end].entries()) {
    const start = i === 0 ? ["chunk"] : chunkRange(known[i - 1] ?? "").end;
    for await (const { key } of kv.list({ start, end: ["chunk", next] }, { batchSize: 10 })) {
      await commitWhenFree(kv.atomic().delete(key as KvKey), { clock, random });
      swept++;
    }
  }
  return swept;
}

function chunkRange(id: string): { start: KvKey; end: KvKey } {
  // Ids have one length, so nothing lies between an id and the same with a character more.
  return { start: ["chunk", id], end: ["chunk", id + "!"] };
}

function timeDigits(milliseconds: number): string {
  return Math.max(0, milliseconds).toString(16).padStart(12, "0");
}
