import { type KubeList, StatusError } from "@servicelet/shared/krm";
import { type CachedDocument, parseDocument, type Scope, type WatchCache } from "../cache/mod.ts";
import { apiVersionOf } from "../registry/document_key.ts";
import type { DocumentKey, Revision } from "../store/mod.ts";
import { chunkedBody } from "./byte_chunks.ts";
import { decodeContinue, encodeContinue } from "./continue_token.ts";
import { type Listed, type ListOptions, listOptions, selectedScope } from "./list_options.ts";
import type { Projection } from "./projection.ts";

const UTF8 = new TextEncoder();
const COMMA = UTF8.encode(",");
const END = UTF8.encode("]}\n");

/** What a list needs. */
export interface ListRequest {
  readonly cache: WatchCache;
  /** Names the answer and says which fields can be selected by. */
  readonly resource: Listed;
  /** What the path says. */
  readonly scope: Scope;
  readonly query: URLSearchParams;
  /** Absent for JSON of the documents as they are. */
  readonly projection?: Projection;
  /** A document's bytes at the served version; absent where every document is stored at it. */
  readonly convert?: (document: Pick<CachedDocument, "key" | "bytes">) => Uint8Array;
}

/** Answers a list. JSON goes out as the bytes that are stored, made while they are read: memory stays flat.
 *
 * @throws {StatusError} `BadRequest`, `Invalid`, `Expired`, `Timeout`
 */
export async function listResponse(request: ListRequest): Promise<Response> {
  const { query, resource, projection, convert = storedBytes } = request;
  const options = listOptions(query, resource);
  const scope = selectedScope(request.scope, options);
  const { documents, metadata } = page(await stateOf(request.cache, scope, options), options, scope);
  if (!projection) {
    return answer("application/json", chunkedBody(listParts(documents, metadata, { resource, convert })));
  }
  const objects = Array.from(documents, (document) => parseDocument(convert(document)));
  return answer(projection.contentType, projection.list(objects, metadata));
}

/** Documents at one revision, of which a page is taken. */
interface State {
  readonly revision: Revision;
  readonly documents: Iterable<CachedDocument>;
}

/** Chooses the state that the client wants.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list
 */
async function stateOf(cache: WatchCache, scope: Scope, options: ListOptions): Promise<State> {
  const { resourceVersion, resourceVersionMatch, limit, continueToken } = options;
  if (continueToken) return await continued(cache, scope, continueToken);
  if (resourceVersion === undefined) await cache.sync();
  else if (resourceVersion > 0) await cache.waitFor(resourceVersion);

  const exact = resourceVersionMatch === "Exact" || (!resourceVersionMatch && limit !== undefined);
  if (resourceVersion && exact) {
    const documents = cache.listAt(scope, resourceVersion);
    if (documents) return { revision: resourceVersion, documents };
    throw new StatusError(
      "Expired",
      `The resourceVersion for the provided list is too old: ${resourceVersion}, the oldest is ${cache.floor}`,
    );
  }
  return { revision: cache.revision, documents: cache.list(scope) };
}

async function continued(cache: WatchCache, scope: Scope, token: string): Promise<State> {
  const { revision, after } = decodeContinue(token, scope.resource === undefined ? "" : `${scope.resource}/`);
  await cache.sync();
  if (revision === undefined) return { revision: cache.revision, documents: cache.list(scope, after) };
  const documents = revision <= cache.revision ? cache.listAt(scope, revision, after) : undefined;
  if (documents) return { revision, documents };
  throw new StatusError(
    "Expired",
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue " +
      "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided " +
      "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was " +
      "returned and now may show up in the list.",
    { continueToken: encodeContinue({ revision: undefined, after }) },
  );
}

/** The first `limit` documents, and how to go on. */
function page(
  { revision, documents }: State,
  { limit, resourceVersion, labels, fields }: ListOptions,
  scope: Scope,
): { documents: Iterable<CachedDocument>; metadata: KubeList["metadata"] } {
  const resourceVersionText = String(revision);
  // "0" means: whatever is at hand, all of it.
  if (limit === undefined || resourceVersion === 0) {
    return { documents, metadata: { resourceVersion: resourceVersionText } };
  }
  const rest = documents[Symbol.iterator]();
  const taken: CachedDocument[] = [];
  let next = rest.next();
  for (; !next.done && taken.length < limit; next = rest.next()) taken.push(next.value);
  if (next.done) return { documents: taken, metadata: { resourceVersion: resourceVersionText } };
  // There is a next one, so at least one was taken: limit is above 0.
  const after: DocumentKey = taken[taken.length - 1]!.key;
  const metadata: KubeList["metadata"] = {
    resourceVersion: resourceVersionText,
    continue: encodeContinue({ revision, after }),
  };
  const selects = labels.length > 0 || fields.length > 0 || (scope.fields ?? []).length > 0;
  if (!selects) {
    metadata.remainingItemCount = 1;
    while (!rest.next().done) metadata.remainingItemCount++;
  }
  return { documents: taken, metadata };
}

function* listParts(
  documents: Iterable<CachedDocument>,
  metadata: KubeList["metadata"],
  { resource, convert }: { readonly resource: Listed; readonly convert: NonNullable<ListRequest["convert"]> },
): Generator<Uint8Array> {
  const head = JSON.stringify({ kind: resource.listKind, apiVersion: apiVersionOf(resource), metadata });
  yield UTF8.encode(`${head.slice(0, -1)},"items":[`);
  let first = true;
  for (const document of documents) {
    if (!first) yield COMMA;
    first = false;
    yield convert(document);
  }
  yield END;
}

function storedBytes({ bytes }: Pick<CachedDocument, "bytes">): Uint8Array {
  return bytes;
}

function answer(contentType: string, body: BodyInit): Response {
  return new Response(body, {
    headers: { "content-type": contentType, "cache-control": "no-cache, private" },
  });
}
