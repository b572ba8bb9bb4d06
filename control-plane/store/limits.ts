/** Bytes that a document may have: etcd's limit for a request, which Kubernetes' users know. */
export const DOCUMENT_BYTES = 1.5 * 1024 * 1024;

/** Bytes up to which a document lies in its version record; Deno KV takes values of 64 KiB, of which the record's header and key need some. */
export const INLINE_BYTES = 60 * 1024;

/** Bytes of one chunk of a larger document. */
export const CHUNK_BYTES = 60 * 1024;

/** Bytes of values that go into one atomic operation. Deno KV takes 800 KiB, keys included. */
export const ATOMIC_BYTES = 700_000;

/** Changes that go into one commit: Deno KV takes 1,000 mutations in an atomic operation, one of which is the head. */
export const GROUP_CHANGES = 999;

/** Bytes of chunks that one commit may wait for, so that large documents do not hold up small ones for long. */
export const GROUP_CHUNK_BYTES = 4 * 1024 * 1024;

/** Entries that Deno KV reads at once at most; its default of 100 makes a load slower. */
export const LIST_BATCH = 1_000;

/** Keys that one operation of compaction removes: all go through Deno KV's one thread, and commits wait behind it. */
export const COMPACTION_BATCH = 250;

/** Age in milliseconds at which a chunk that no version refers to can belong to no commit that is still under way. */
export const ORPHAN_AGE = 60 * 60 * 1_000;
