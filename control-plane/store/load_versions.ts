import { HEAD, type Head, parseHead } from "./head.ts";
import type { Kv } from "./kv.ts";
import { readVersions, type StoredVersion } from "./read_versions.ts";
import { type Revision, StoreUnavailable } from "./store.ts";

/** What a database held when it was read. */
export interface Loaded {
  readonly head: Head;
  /** Versionstamp of the head. */
  readonly stamp: string | null;
  /** Every version kept up to `head.revision`, oldest first. */
  readonly versions: readonly StoredVersion[];
}

/** Reads everything, newest first. Another process may write and compact meanwhile: a compaction removes a deleted document's states
 * before its tombstone, so whoever reads the other way round never sees such a state without the tombstone.
 *
 * @throws {StoreUnavailable} versions are missing after the floor
 */
export async function loadVersions(kv: Kv): Promise<Loaded> {
  const { value, versionstamp } = await kv.get(HEAD);
  const head = parseHead(value);
  const newestFirst: StoredVersion[] = [];
  for await (const stored of readVersions(kv, { from: 0, to: head.revision, newestFirst: true })) {
    newestFirst.push(stored);
  }
  const versions = newestFirst.reverse();
  const { floor } = parseHead((await kv.get(HEAD)).value);
  const missing = firstMissing(versions, { after: Math.min(floor, head.revision), to: head.revision });
  if (missing !== undefined) {
    throw new StoreUnavailable(
      `Cannot load the store: revision ${missing} is missing, though the floor is ${floor} and the head is ` +
        `${head.revision}: restore the database from a backup`,
    );
  }
  return {
    head: { ...head, floor: Math.max(head.floor, Math.min(floor, head.revision)) },
    stamp: versionstamp,
    versions,
  };
}

function firstMissing(
  versions: readonly StoredVersion[],
  { after, to }: { after: Revision; to: Revision },
): Revision | undefined {
  let expected = after + 1;
  for (const { version: { revision } } of versions) {
    if (revision <= after) continue;
    if (revision !== expected) return expected;
    expected++;
  }
  return expected > to ? undefined : expected;
}
