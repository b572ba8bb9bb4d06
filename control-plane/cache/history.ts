import type { Revision } from "../store/mod.ts";
import type { DocumentVersion } from "./document_version.ts";

/** One change, with the state before it: selectors are asked about both. */
export interface HistoryEntry {
  /** The new state; of a deletion the last one, stamped with the revision of the deletion. */
  readonly version: DocumentVersion;
  readonly previous: DocumentVersion | undefined;
  readonly deleted: boolean;
  /** When it came, in milliseconds of the monotonic clock. */
  readonly at: number;
}

/** Changes from which watches resume and past states are told, oldest first. */
export class History {
  readonly #entries: HistoryEntry[] = [];
  #bytes = 0;

  /** Changes kept. */
  get size(): number {
    return this.#entries.length;
  }

  /** Bytes of documents that only the history keeps: states that were replaced or deleted. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the next change. */
  push(entry: HistoryEntry): void {
    this.#entries.push(entry);
    this.#bytes += bytesOf(entry);
  }

  /** Changes after a revision. What is pushed meanwhile comes too. */
  *after(revision: Revision): Generator<HistoryEntry> {
    for (let i = this.#indexAfter(revision); i < this.#entries.length; i++) {
      yield this.#entries[i]!; // below the length
    }
  }

  /** Every change, oldest first. */
  [Symbol.iterator](): Iterator<HistoryEntry> {
    return this.#entries[Symbol.iterator]();
  }

  /** Forgets changes up to and including a revision. */
  forget(floor: Revision): void {
    for (const entry of this.#entries.splice(0, this.#indexAfter(floor))) this.#bytes -= bytesOf(entry);
  }

  #indexAfter(revision: Revision): number {
    let low = 0, high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // middle < high <= length, so it is there.
      if (this.#entries[middle]!.version.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What forgetting a change frees. */
export function bytesOf({ version, previous, deleted }: HistoryEntry): number {
  return (previous?.bytes.length ?? 0) + (deleted ? version.bytes.length : 0);
}
