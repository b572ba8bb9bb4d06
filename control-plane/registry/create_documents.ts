import type { Clock, Random } from "@servicelet/shared/ports";
import type { WatchCache } from "../cache/watch_cache.ts";
import type { Store } from "../store/mod.ts";
import { createDocument } from "./create_document.ts";
import { deleteDocument } from "./delete_document.ts";
import type { Documents } from "./documents.ts";
import { readDocument } from "./read_document.ts";
import type { ResourceRegistry } from "./resource.ts";
import { updateDocument } from "./update_document.ts";

/** What the document operations work with. */
export interface DocumentPorts {
  readonly store: Store;
  readonly cache: WatchCache;
  readonly registry: ResourceRegistry;
  readonly clock: Clock;
  readonly random: Random;
}

/** The documents of a store, with all rules of the model. Documents given to `create` are taken over, and those that are answered are
 * shared with the cache: change neither. */
export function createDocuments(ports: DocumentPorts): Documents {
  return {
    get: (ref) => readDocument(ports.cache, ref)?.document,
    create: (resource, namespace, document, options = {}) =>
      createDocument(resource, namespace, document, options, ports),
    update: (ref, change, options = {}) => updateDocument(ref, change, options, ports),
    delete: (ref, options = {}) => deleteDocument(ref, options, ports),
  };
}
