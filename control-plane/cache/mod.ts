/** All documents in memory: lists, watches that resume, and how much history is kept for them.
 *
 * @module
 */
export type { CachedDocument, CacheEvent, Scope, WatchCache, Watcher, WatchHandle } from "./watch_cache.ts";
export { createWatchCache, type FollowingCache, type WatchCacheOptions } from "./create_watch_cache.ts";
export { compact, DEFAULT_LIMITS, type HistoryLimits, type HistorySize } from "./compaction.ts";
export { ASSIGNMENT_FIELD, type FieldReaders } from "./field_readers.ts";
export { eventFrame, eventLine, type EventType } from "./event_line.ts";
export { parseDocument } from "./document_version.ts";
