/** The part of Deno KV that the store uses, so that tests can put something between (`Deno.Kv` fits as it is).
 *
 * @module
 */

/** A key; parts sort by type, then by value. */
export type KvKey = readonly (string | number)[];

/** What is at a key; `versionstamp` is null where nothing is. */
export interface KvEntry {
  /** As it was written; null where nothing is. */
  readonly value: unknown;
  /** Changes with every commit that writes the key. */
  readonly versionstamp: string | null;
}

/** One atomic operation under construction: everything in it happens, or nothing. */
export interface KvAtomic {
  /** Lets the commit happen only where the key still has this versionstamp (null: is missing). */
  check(condition: { readonly key: KvKey; readonly versionstamp: string | null }): KvAtomic;
  /** Writes a key. */
  set(key: KvKey, value: unknown): KvAtomic;
  /** Removes a key; a missing one is no error. */
  delete(key: KvKey): KvAtomic;
  /** Resolves with `ok: false` where a check did not hold; rejects where the backend failed. */
  commit(): Promise<{ readonly ok: true; readonly versionstamp: string } | { readonly ok: false }>;
}

/** A key-value database with the semantics of Deno KV. */
export interface Kv {
  /** Reads one key, strongly consistent. */
  get(key: KvKey): Promise<KvEntry>;
  /** Reads keys from `start` up to, but not, `end`; each batch of its own is one snapshot, all together are not. */
  list(
    range: { readonly start: KvKey; readonly end: KvKey },
    options: { readonly batchSize?: number; readonly reverse?: boolean },
  ): AsyncIterable<{ readonly key: readonly unknown[]; readonly value: unknown }>;
  /** Starts an atomic operation. */
  atomic(): KvAtomic;
  /** Tells the state of the keys now and whenever one changed; states may be left out, the last one never is. */
  watch(keys: readonly [KvKey]): ReadableStream<readonly [KvEntry]>;
  /** Ends everything. */
  close(): void;
}
