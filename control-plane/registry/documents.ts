/** Reading and writing documents with all the rules of the model: what HTTP handlers and controllers both call.
 *
 * @module
 */
import type { KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "./resource.ts";

/** Names one document. `namespace` is empty for cluster-scoped resources. */
export interface DocumentRef {
  /** What kind of document, at which version it is read and written. */
  readonly resource: Resource;
  /** Its `metadata.namespace`, or empty. */
  readonly namespace: string;
  /** Its `metadata.name`. */
  readonly name: string;
}

/** How a write is done. */
export interface WriteOptions {
  /** Endpoint that the write came through; absent is the main one. */
  readonly subresource?: "status" | "finalize";
  /** True checks everything and writes nothing. */
  readonly dryRun?: boolean;
  /** What to do with fields that the schema does not know. Default: Warn. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
  /** Takes warnings for the client. */
  readonly warn?: (text: string) => void;
}

/** How a document is deleted. */
export interface DeleteOptions {
  /** What the document must still be, else `Conflict`. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  /** Taken for the sake of clients and without effect: documents that name this one as their owner stay. */
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  /** Seconds. Taken for the sake of clients and without effect: finalizers alone hold a document. */
  readonly gracePeriodSeconds?: number;
  /** True checks everything and deletes nothing. */
  readonly dryRun?: boolean;
}

/** What a deletion left: the document while finalizers hold it, or its last state. */
export interface Deleted {
  /** The document as it is now, or as it was last. */
  readonly document: KubeObject;
  /** True where it no longer exists. */
  readonly gone: boolean;
}

/** The documents of one control plane. Every method throws {@link StatusError}. */
export interface Documents {
  /** The document as it is now, parsed afresh: the caller may change it. */
  get(ref: DocumentRef): KubeObject | undefined;
  /** Writes a new document; a `generateName` is completed. */
  create(
    resource: Resource,
    namespace: string,
    document: KubeObject,
    options?: WriteOptions,
  ): Promise<KubeObject>;
  /** Replaces a document by what `change` makes of its present state. Called again where another write came between, unless the result
   * carries the `metadata.resourceVersion` of an older state: then `Conflict`. A result equal to the present state writes nothing. */
  update(
    ref: DocumentRef,
    change: (current: KubeObject) => KubeObject,
    options?: WriteOptions,
  ): Promise<KubeObject>;
  /** Deletes, or marks as being deleted while finalizers are left. */
  delete(ref: DocumentRef, options?: DeleteOptions): Promise<Deleted>;
}
