import type { DocumentKey, Revision } from "./store.ts";

/** Names the chunks of one document at one revision. */
export interface ChunkReference {
  /** 32 hexadecimal digits: milliseconds since 1970 (12), then chance. */
  readonly id: string;
  /** Bytes of the document. */
  readonly size: number;
}

/** What is stored at `["v", revision]`. */
export interface VersionRecord {
  readonly key: DocumentKey;
  readonly previous: Revision;
  readonly deleted: boolean;
  /** Id of the commit that wrote it, 32 hexadecimal digits. */
  readonly commit: string;
  /** The document's bytes, or where they are. */
  readonly body: Uint8Array | ChunkReference;
}

// Format, flags, length of the key, previous revision, commit id; then the key in UTF-8; then the body.
const FORMAT = 1;
const DELETED = 1;
const CHUNKED = 2;
const HEADER = 28;
const REFERENCE = 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes that a record takes at most, without encoding it. */
export function recordSize(key: DocumentKey, body: Uint8Array | ChunkReference): number {
  return HEADER + key.length * 3 + (body instanceof Uint8Array ? body.length : REFERENCE);
}

/** A record as one value: a header of 28 bytes, the key, the body as it is. */
export function encodeRecord({ key, previous, deleted, commit, body }: VersionRecord): Uint8Array {
  const name = encoder.encode(key);
  const inline = body instanceof Uint8Array;
  const value = new Uint8Array(HEADER + name.length + (inline ? body.length : REFERENCE));
  const view = new DataView(value.buffer);
  view.setUint8(0, FORMAT);
  view.setUint8(1, (deleted ? DELETED : 0) | (inline ? 0 : CHUNKED));
  view.setUint16(2, name.length);
  view.setFloat64(4, previous);
  value.subarray(12, HEADER).setFromHex(commit);
  value.set(name, HEADER);
  const at = HEADER + name.length;
  if (inline) {
    value.set(body, at);
  } else {
    value.subarray(at, at + 16).setFromHex(body.id);
    view.setUint32(at + 16, body.size);
  }
  return value;
}

/** The record in a value; its bytes are a view of the value, not a copy.
 *
 * @throws {TypeError} the value is none, or of a later format
 */
export function decodeRecord(value: unknown): VersionRecord {
  if (!(value instanceof Uint8Array) || value.length < HEADER || value[0] !== FORMAT) {
    throw new TypeError(`must be a version record of format ${FORMAT}`);
  }
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const flags = view.getUint8(1);
  const at = HEADER + view.getUint16(2);
  return {
    key: decoder.decode(value.subarray(HEADER, at)),
    previous: view.getFloat64(4),
    deleted: (flags & DELETED) !== 0,
    commit: value.subarray(12, HEADER).toHex(),
    body: (flags & CHUNKED) === 0
      ? value.subarray(at)
      : { id: value.subarray(at, at + 16).toHex(), size: view.getUint32(at + 16) },
  };
}
