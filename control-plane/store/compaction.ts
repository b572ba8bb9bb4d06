import type { Clock, Random } from "@servicelet/shared/ports";
import { chunkKeys } from "./chunks.ts";
import { commitWhenFree } from "./commit_when_free.ts";
import { versionKey } from "./head.ts";
import type { Kv, KvKey } from "./kv.ts";
import { COMPACTION_BATCH } from "./limits.ts";
import type { Revision } from "./store.ts";
import { countForgettable, type VersionIndex } from "./version_index.ts";

/** Removes the versions that nobody needs once `floor` is the floor, oldest supersession first.
 *
 * The order matters: a document's states go before its tombstone, so that neither a crash in between nor somebody who reads
 * at the same time, newest first, sees a deleted document again.
 */
export async function forgetSuperseded(
  index: VersionIndex,
  floor: Revision,
  { kv, clock, random }: { kv: Kv; clock: Clock; random: Random },
): Promise<void> {
  for (let left = countForgettable(index, floor); left > 0;) {
    const batch = nextBatch(index, left);
    const operation = kv.atomic();
    for (const key of batch.keys) operation.delete(key);
    await commitWhenFree(operation, { clock, random });
    for (const { revision } of index.superseded.splice(0, batch.versions)) index.chunks.delete(revision);
    left -= batch.versions;
  }
}

function nextBatch({ superseded, chunks }: VersionIndex, most: number): { keys: KvKey[]; versions: number } {
  const keys: KvKey[] = [];
  let versions = 0;
  for (const { revision } of superseded) {
    if (versions === most || keys.length >= COMPACTION_BATCH) break;
    const reference = chunks.get(revision);
    keys.push(versionKey(revision), ...(reference ? chunkKeys(reference) : []));
    versions++;
  }
  return { keys, versions };
}
