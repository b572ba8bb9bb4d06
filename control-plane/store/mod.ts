/** The store of documents: the contract, and its implementations in memory and on Deno KV.
 *
 * @module
 */
export type { Change, DocumentKey, EncodedDocument, Follower, Revision, Store, Version } from "./store.ts";
export { DocumentTooLarge, StaleRevision, StoreUnavailable } from "./store.ts";
export { type MemoryDisk, memoryDisk, memoryStore } from "./memory.ts";
export { type DenoKvStoreOptions, openDenoKvStore } from "./deno_kv.ts";
export { openDataDirectory } from "./deno_data_directory.ts";
export type { Kv, KvAtomic, KvEntry, KvKey } from "./kv.ts";
