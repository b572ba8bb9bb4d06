import type { DocumentKey } from "../store/mod.ts";
import type { DocumentVersion } from "./document_version.ts";

/** Documents of every resource by the value of one field; those where it is empty are left out. */
export class DocumentsByField {
  readonly #path: string;
  readonly #byValue = new Map<string, Map<DocumentKey, DocumentVersion>>();

  /** @param documents all that exist */
  constructor(path: string, documents: Iterable<DocumentVersion>) {
    this.#path = path;
    for (const document of documents) this.put(document, undefined);
  }

  /** Documents with a value, in no order. */
  get(value: string): Iterable<DocumentVersion> {
    return this.#byValue.get(value)?.values() ?? [];
  }

  /** Adds a document, or replaces its state before. */
  put(document: DocumentVersion, previous: DocumentVersion | undefined): void {
    const value = document.field(this.#path) ?? "";
    if (previous && previous.field(this.#path) !== value) this.delete(previous);
    if (value === "") return;
    let documents = this.#byValue.get(value);
    if (!documents) this.#byValue.set(value, documents = new Map());
    documents.set(document.key, document);
  }

  /** Removes a document, given its last state. */
  delete(document: DocumentVersion): void {
    const value = document.field(this.#path) ?? "";
    const documents = this.#byValue.get(value);
    if (documents?.delete(document.key) && documents.size === 0) this.#byValue.delete(value);
  }
}
