import type { KubeObject } from "@servicelet/shared/krm";
import type { Scope, WatchCache } from "../cache/watch_cache.ts";
import type { DocumentRef } from "../registry/documents.ts";
import type { ResourceRegistry } from "../registry/resource.ts";
import type { DocumentKey } from "../store/mod.ts";

const UTF8 = new TextDecoder();

/** Tells of every document of a scope: first those there are, at once, then each change. `undefined` stands for a document that is gone. */
export function followDocuments(
  cache: WatchCache,
  scope: Scope,
  tell: (key: DocumentKey, document: KubeObject | undefined) => void,
): Disposable {
  for (const { key, bytes } of cache.list(scope)) tell(key, parse(bytes));
  const watch = cache.watch(scope, cache.revision, ({ type, key, bytes }) => {
    tell(key, type === "DELETED" ? undefined : parse(bytes));
    return true;
  });
  return { [Symbol.dispose]: () => watch.stop() };
}

/** What a key names; undefined where its resource is not served. */
export function refOf(registry: ResourceRegistry, key: DocumentKey): DocumentRef | undefined {
  const [group = "", plural = "", namespace = "", name = ""] = key.split("/");
  const resource = registry.stored(`${group}/${plural}`);
  return resource && { resource, namespace, name };
}

function parse(bytes: Uint8Array): KubeObject {
  return JSON.parse(UTF8.decode(bytes));
}
