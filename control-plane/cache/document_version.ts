import type { KubeObject } from "@servicelet/shared/krm";
import type { DocumentKey, EncodedDocument, Revision } from "../store/mod.ts";
import { documentIn, eventLine, type EventType } from "./event_line.ts";
import type { FieldIndex } from "./field_readers.ts";
import { nameOf, namespaceOf } from "./key_parts.ts";
import type { CachedDocument } from "./watch_cache.ts";

type Labels = Readonly<Record<string, string>>;

const UTF8 = new TextDecoder();
const NO_LABELS: Labels = Object.freeze({});

/** One state of one document. What selectors ask for is read at most once; the parsed document is not kept. */
export class DocumentVersion implements CachedDocument {
  readonly key: DocumentKey;
  readonly revision: Revision;
  readonly #index: FieldIndex;
  #bytes: Uint8Array;
  #line: Uint8Array | undefined;
  #lineType: EventType | undefined;
  #labels: Labels | undefined;
  #fields: Record<string, string> | undefined;

  /** @param index reads the fields of the document's resource */
  constructor(key: DocumentKey, revision: Revision, { bytes, object }: EncodedDocument, index: FieldIndex) {
    this.key = key;
    this.revision = revision;
    this.#bytes = bytes;
    this.#index = index;
    if (object) this.#extract(object);
  }

  /** JSON as sent to clients. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Labels; none is an empty object. */
  get labels(): Labels {
    if (!this.#labels) this.#extract(parseDocument(this.#bytes));
    return this.#labels ?? NO_LABELS;
  }

  /** The field at a path; undefined where the resource does not index it. */
  field(path: string): string | undefined {
    if (path === "metadata.name") return nameOf(this.key);
    if (path === "metadata.namespace") return namespaceOf(this.key);
    const known = this.#fields?.[path];
    if (known !== undefined || !this.#index.knows(path)) return known;
    this.#extract(parseDocument(this.#bytes));
    return this.#fields?.[path];
  }

  /** The line of a watch that shows this state. The first type asked for is kept: document and line then share their memory. */
  line(type: EventType): Uint8Array {
    if (this.#line && this.#lineType === type) return this.#line;
    const line = eventLine(type, this.#bytes);
    if (!this.#line) {
      this.#line = line;
      this.#lineType = type;
      this.#bytes = documentIn(type, line);
    }
    return line;
  }

  #extract(object: KubeObject): void {
    const { labels } = object.metadata;
    this.#labels = labels ? { ...labels } : NO_LABELS;
    this.#fields = this.#index.read(object);
  }
}

/** A document from its bytes. */
export function parseDocument(bytes: Uint8Array): KubeObject {
  return JSON.parse(UTF8.decode(bytes));
}
