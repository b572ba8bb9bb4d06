import type { DocumentKey } from "../store/mod.ts";
import type { DocumentVersion } from "./document_version.ts";

/** The documents of one resource, by key and in order of their keys. */
export class SortedDocuments {
  readonly #byKey = new Map<DocumentKey, DocumentVersion>();
  /** Made at the first read: loading many documents then costs one sort and not one insertion each. */
  #sorted: DocumentVersion[] | undefined;
  /** True while somebody may be reading `#sorted`: the next change then takes a copy. */
  #lent = false;

  /** The document with a key. */
  get(key: DocumentKey): DocumentVersion | undefined {
    return this.#byKey.get(key);
  }

  /** Adds or replaces a document. */
  put(document: DocumentVersion): void {
    const existed = this.#byKey.has(document.key);
    this.#byKey.set(document.key, document);
    if (!this.#sorted) return;
    const sorted = this.#owned(this.#sorted);
    const at = lowerBound(sorted, document.key);
    sorted.splice(at, existed ? 1 : 0, document);
  }

  /** Removes a document. */
  delete(key: DocumentKey): void {
    if (!this.#byKey.delete(key) || !this.#sorted) return;
    const sorted = this.#owned(this.#sorted);
    sorted.splice(lowerBound(sorted, key), 1);
  }

  /** Every document as it is now, in order. Later changes do not show in it. */
  snapshot(): readonly DocumentVersion[] {
    this.#sorted ??= [...this.#byKey.values()].sort(byKey);
    this.#lent = true;
    return this.#sorted;
  }

  #owned(sorted: DocumentVersion[]): DocumentVersion[] {
    if (!this.#lent) return sorted;
    this.#lent = false;
    return this.#sorted = sorted.slice();
  }
}

/** Order of keys, as the API lists documents. */
export function byKey(a: { readonly key: DocumentKey }, b: { readonly key: DocumentKey }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Where the first document with a key not before `key` is, or would be. */
export function lowerBound(sorted: readonly { readonly key: DocumentKey }[], key: DocumentKey): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // middle < high <= length, so it is there.
    if (sorted[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
