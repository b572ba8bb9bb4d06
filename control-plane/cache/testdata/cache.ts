import type { KubeObject } from "@servicelet/shared/krm";
import type { Clock, Log } from "@servicelet/shared/ports";
import { type FakeClock, fakeClock } from "@servicelet/shared/testing";
import { type MemoryDisk, memoryStore, type Revision, type Store } from "../../store/mod.ts";
import { createWatchCache, type FollowingCache } from "../create_watch_cache.ts";
import type { FieldReaders } from "../field_readers.ts";

/** A cache over a store in memory, and a hand to write with. */
export interface CacheUnderTest<C extends Clock = FakeClock> extends AsyncDisposable {
  readonly store: Store;
  readonly cache: FollowingCache;
  readonly clock: C;
  /** Creates or replaces `things` `namespace/name`. */
  put(
    id: string,
    content?: Partial<KubeObject> & { labels?: Record<string, string> },
    resource?: string,
  ): Promise<Revision>;
  /** Deletes one that exists. */
  remove(id: string, resource?: string): Promise<Revision>;
}

/** `group/plural` of the documents that {@link CacheUnderTest.put} writes. */
export const THINGS = "acme.example/things";

const FIELDS: FieldReaders = { "spec.color": ({ spec }) => spec?.color ?? "" };

/** Starts a cache with a clock that stands still. Documents of every resource can be selected by `spec.color`. */
export function startCache(options: { disk?: MemoryDisk; log?: Log } = {}): Promise<CacheUnderTest> {
  return startCacheWith({ clock: fakeClock(), ...options });
}

/** Starts a cache with a clock. */
async function startCacheWith<C extends Clock>(
  { clock, disk, log }: { clock: C; disk?: MemoryDisk; log?: Log },
): Promise<CacheUnderTest<C>> {
  const store = memoryStore(disk ? { disk } : {});
  const cache = await createWatchCache({ store, fieldsOf: () => FIELDS, clock, ...(log ? { log } : {}) });
  const write = (key: string, deleted: boolean, document: KubeObject) => {
    const expected = cache.get(key)?.revision ?? 0;
    return store.commit({ key, expected, deleted, encode: (revision) => encoded(document, revision) });
  };
  return {
    store,
    cache,
    clock,
    put(id, { labels, ...content } = {}, resource = THINGS) {
      return write(`${resource}/${id}`, false, thing(id, labels, content));
    },
    remove(id, resource = THINGS) {
      const key = `${resource}/${id}`;
      return write(key, true, JSON.parse(new TextDecoder().decode(cache.get(key)?.bytes)));
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function thing(
  id: string,
  labels: Record<string, string> | undefined,
  content: Partial<KubeObject>,
): KubeObject {
  const [namespace = "", name = ""] = id.split("/");
  const metadata = { name, ...(namespace ? { namespace } : {}), ...(labels ? { labels } : {}) };
  return { apiVersion: "acme.example/v1", kind: "Thing", ...content, metadata };
}

// Every other document comes without being parsed, as those do that a store loads.
function encoded(document: KubeObject, revision: Revision) {
  const object = { ...document, metadata: { ...document.metadata, resourceVersion: String(revision) } };
  const bytes = new TextEncoder().encode(JSON.stringify(object));
  return revision % 2 === 0 ? { bytes, object } : { bytes };
}
