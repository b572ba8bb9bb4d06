import { StatusError } from "@servicelet/shared/krm";
import type { CachedDocument, Scope, WatchCache } from "../cache/mod.ts";
import type { Revision } from "../store/mod.ts";
import { type Listed, type ListOptions, selectedScope, watchOptions } from "./list_options.ts";
import type { Projection } from "./projection.ts";
import { type Convert, convertedLines, projectedLines, storedLines } from "./watch_lines.ts";
import { errorLine, type WatchLines } from "./watch_stream.ts";
import type { WatchStreams } from "./watch_streams.ts";

/** What a watch needs. */
export interface WatchRequest {
  readonly cache: WatchCache;
  readonly streams: WatchStreams;
  /** Names bookmarks and says which fields can be selected by. The same object each time: lines are shared by it. */
  readonly resource: Listed;
  /** What the path says. */
  readonly scope: Scope;
  readonly query: URLSearchParams;
  /** Absent for JSON of the documents as they are. */
  readonly projection?: Projection;
  /** Absent where every document is stored at the served version. Answers the very bytes of those that need no change. */
  readonly convert?: Convert;
}

/** Answers a watch. Once the query is found good every failure is an event in the stream.
 *
 * @throws {StatusError} `BadRequest`, `Invalid`
 */
export async function watchResponse(request: WatchRequest): Promise<Response> {
  const { cache, streams, resource, query } = request;
  const options = watchOptions(query, resource);
  const scope = selectedScope(request.scope, options);
  try {
    const beginning = await beginningOf(cache, scope, options);
    const bookmarks = options.allowWatchBookmarks;
    const announceInitialEnd = bookmarks && options.sendInitialEvents === true;
    const watched = { cache, scope, bookmarks, announceInitialEnd, lines: linesOf(request), ...beginning };
    return answer(streams.open(watched, options.timeoutSeconds));
  } catch (error) {
    if (error instanceof StatusError) return answer(errorLine(error));
    throw error;
  }
}

/** Where a watch begins.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch
 */
async function beginningOf(
  cache: WatchCache,
  scope: Scope,
  { resourceVersion, sendInitialEvents }: ListOptions,
): Promise<{ since: Revision; initial?: Iterable<CachedDocument> }> {
  if (resourceVersion && !sendInitialEvents) return { since: await resumable(cache, resourceVersion) };

  if (resourceVersion === undefined) await cache.sync();
  else if (resourceVersion > 0) await cache.waitFor(resourceVersion);
  const since = cache.revision;
  return sendInitialEvents === false ? { since } : { since, initial: cache.list(scope) };
}

/** A revision after which events can be told. One that does not come is of another history (the store was reset or restored):
 * its holder must list again, or it would miss what happens until that revision.
 */
async function resumable(cache: WatchCache, since: Revision): Promise<Revision> {
  try {
    await cache.waitFor(since);
  } catch (cause) {
    if (!(cause instanceof StatusError && cause.reason === "Timeout")) throw cause;
    throw new StatusError(
      "Expired",
      `resource version ${since} is not known here, the last is ${cache.revision}`,
      { cause },
    );
  }
  return since;
}

function linesOf({ resource, projection, convert }: WatchRequest): WatchLines {
  if (projection) return projectedLines(resource, projection, convert);
  return convert ? convertedLines(resource, convert) : storedLines(resource);
}

function answer(body: BodyInit): Response {
  return new Response(body, {
    headers: { "content-type": "application/json", "cache-control": "no-cache, private, no-transform" },
  });
}
