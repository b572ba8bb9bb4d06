import { createDocument } from "./create_document.ts";
import { deleteDocument } from "./delete_document.ts";
import type { DocumentPorts } from "./document_ports.ts";
import type { Documents } from "./documents.ts";
import { readDocument } from "./read_document.ts";
import { updateDocument } from "./update_document.ts";

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
