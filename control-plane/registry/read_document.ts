import type { KubeObject } from "@servicelet/shared/krm";
import type { WatchCache } from "../cache/watch_cache.ts";
import type { Revision } from "../store/mod.ts";
import { apiVersionOf, documentKey } from "./document_key.ts";
import type { DocumentRef } from "./documents.ts";

/** A document read for a change. */
export interface ReadDocument {
  /** Parsed afresh, at the version of the reference's resource. */
  readonly document: KubeObject;
  readonly revision: Revision;
}

const UTF8 = new TextDecoder();

/** The document as the cache has it. */
export function readDocument(
  cache: WatchCache,
  { resource, namespace, name }: DocumentRef,
): ReadDocument | undefined {
  const cached = cache.get(documentKey(resource, namespace, name));
  if (!cached) return undefined;
  const document: KubeObject = JSON.parse(UTF8.decode(cached.bytes));
  document.apiVersion = apiVersionOf(resource);
  return { document, revision: cached.revision };
}

/** The same, after asking the store once more where the cache has none: another process may have written it. */
export async function readSettledDocument(
  cache: WatchCache,
  ref: DocumentRef,
): Promise<ReadDocument | undefined> {
  const found = readDocument(cache, ref);
  if (found) return found;
  await cache.sync();
  return readDocument(cache, ref);
}
