import { type DocumentVersion, parseDocument } from "./document_version.ts";
import { eventLine, type EventType } from "./event_line.ts";
import type { HistoryEntry } from "./history.ts";
import type { CacheEvent } from "./watch_cache.ts";

const UTF8 = new TextEncoder();

/** The events that one change can be to different watchers; each is made when the first asks for it, and then shared. */
export class ChangeEvents {
  readonly #entry: HistoryEntry;
  readonly #events: Partial<Record<EventType, CacheEvent>> = {};

  /** @param entry the change */
  constructor(entry: HistoryEntry) {
    this.#entry = entry;
  }

  /** What a watcher sees of the change; undefined where it does not concern its scope. */
  seenBy(matches: (version: DocumentVersion) => boolean): CacheEvent | undefined {
    const { version, previous, deleted } = this.#entry;
    const was = previous !== undefined && matches(previous);
    const is = !deleted && matches(version);
    if (is) return this.#event(was ? "MODIFIED" : "ADDED");
    return was ? this.#event("DELETED") : undefined;
  }

  #event(type: EventType): CacheEvent {
    return this.#events[type] ??= eventOf(this.#entry, type);
  }
}

function eventOf({ version, previous, deleted }: HistoryEntry, type: EventType): CacheEvent {
  if (type === "DELETED" && !deleted && previous) return new LeavingEvent(version, previous);
  return new StateEvent(version, type);
}

/** A document as it is, or as it last was before it was deleted. */
class StateEvent implements CacheEvent {
  readonly #version: DocumentVersion;
  #line: Uint8Array | undefined;

  constructor(version: DocumentVersion, readonly type: EventType) {
    this.#version = version;
  }

  get revision() {
    return this.#version.revision;
  }

  get key() {
    return this.#version.key;
  }

  get bytes() {
    return this.#version.bytes;
  }

  line(): Uint8Array {
    return this.#line ??= this.#version.line(this.type);
  }
}

/** A document that left a selection: the state before, stamped with the revision at which it left. */
class LeavingEvent implements CacheEvent {
  readonly type = "DELETED";
  readonly #version: DocumentVersion;
  readonly #previous: DocumentVersion;
  #bytes: Uint8Array | undefined;
  #line: Uint8Array | undefined;

  constructor(version: DocumentVersion, previous: DocumentVersion) {
    this.#version = version;
    this.#previous = previous;
  }

  get revision() {
    return this.#version.revision;
  }

  get key() {
    return this.#version.key;
  }

  get bytes() {
    return this.#bytes ??= stamped(this.#previous.bytes, this.#version.revision);
  }

  line(): Uint8Array {
    return this.#line ??= eventLine("DELETED", this.bytes);
  }
}

function stamped(bytes: Uint8Array, revision: number): Uint8Array {
  const document = parseDocument(bytes);
  document.metadata.resourceVersion = String(revision);
  return UTF8.encode(JSON.stringify(document));
}
