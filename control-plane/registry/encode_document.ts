import type { KubeObject } from "@servicelet/shared/krm";
import type { EncodedDocument, Revision } from "../store/mod.ts";

const UTF8 = new TextEncoder();

/** A document stamped with its revision, in place, and serialized: the only place where a document becomes bytes. */
export function encodeDocument(document: KubeObject, revision: Revision): EncodedDocument {
  document.metadata.resourceVersion = String(revision);
  return { bytes: UTF8.encode(JSON.stringify(document)), object: document };
}
