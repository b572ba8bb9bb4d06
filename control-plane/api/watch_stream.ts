import { type KubeObject, StatusError } from "@servicelet/shared/krm";
import type { CachedDocument, CacheEvent, Scope, WatchCache, WatchHandle } from "../cache/mod.ts";
import type { Revision } from "../store/mod.ts";
import { nextChunk } from "./byte_chunks.ts";

const UTF8 = new TextEncoder();

/** How a watch writes its lines. One may serve many watches. */
export interface WatchLines {
  /** A change. */
  event(event: CacheEvent): Uint8Array;
  /** A document that exists, as ADDED, in parts. */
  initial(document: CachedDocument): Iterable<Uint8Array>;
  /** A bookmark; `initialEnd` marks the one after the initial documents. */
  bookmark(revision: Revision, initialEnd?: "initial-events-end"): Uint8Array;
}

/** What one watch is about. */
export interface Watched {
  readonly cache: WatchCache;
  readonly scope: Scope;
  /** Events after this revision follow the initial documents. */
  readonly since: Revision;
  /** Documents as they were at `since`, sent first. */
  readonly initial?: Iterable<CachedDocument>;
  /** True sends a bookmark when the initial documents have been sent. */
  readonly announceInitialEnd: boolean;
  readonly bookmarks: boolean;
  readonly lines: WatchLines;
}

/** Bounds of one watch. */
export interface WatchLimits {
  /** Bytes that wait for a reader before it no longer gets events as they come, but from the history when it reads on. */
  readonly queuedBytes: number;
  /** Milliseconds after which a reader that has more waiting than that and takes nothing is cut off. */
  readonly patience: number;
}

/** Bytes below which a stream asks for more. */
const LOW_WATER = 64 * 1024;

/** Sizes a stream's queue in bytes. */
export const IN_BYTES: QueuingStrategy<Uint8Array> = {
  highWaterMark: LOW_WATER,
  size: (chunk) => chunk.length,
};

/** One watch as the source of a response's body. It is made to be small: there are thousands. */
export class WatchStream implements UnderlyingDefaultSource<Uint8Array> {
  readonly deadline: number;
  readonly #watched: Watched;
  readonly #limits: WatchLimits;
  readonly #ended: (stream: WatchStream) => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** `live` gets events as they come. Before, and whenever its reader is slow, a stream holds nothing but the revision it is at. */
  #phase: "initial" | "behind" | "live" | "ended";
  #initial: Iterator<Uint8Array> | undefined;
  #sent: Revision;
  /** Tick at which a stream that is not live was first seen to wait for its reader. */
  #stalled: number | undefined;
  #handle: WatchHandle | undefined;

  /** @param options `deadline` of the monotonic clock; `ended` is called once, however the stream ends */
  constructor(
    watched: Watched,
    options: { deadline: number; limits: WatchLimits; ended: (stream: WatchStream) => void },
  ) {
    this.#watched = watched;
    this.#limits = options.limits;
    this.deadline = options.deadline;
    this.#ended = options.ended;
    this.#sent = watched.since;
    this.#phase = watched.initial ? "initial" : "behind";
    if (watched.initial) this.#initial = initialParts(watched.initial, watched);
  }

  /** Called by the stream. */
  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
  }

  /** Called by the stream whenever its reader has taken most of what waits. */
  pull(): void {
    this.#stalled = undefined;
    try {
      if (this.#phase === "initial") this.#sendInitial();
      else if (this.#phase === "behind") this.#catchUp();
    } catch (error) {
      this.#breakOff(error);
    }
  }

  /** Called by the stream when its reader is gone. */
  cancel(): void {
    this.#release();
  }

  /** Tells a reader that is up to date how far it is. */
  bookmark(): void {
    if (this.#phase !== "live" || !this.#watched.bookmarks || this.#isFull()) return;
    this.#sent = this.#watched.cache.revision;
    this.#controller?.enqueue(this.#watched.lines.bookmark(this.#sent));
  }

  /** Ends it where its time is over or its reader takes nothing. To be called now and then.
   *
   * @param now of the monotonic clock */
  check(now: number): void {
    if (now >= this.deadline) return this.end();
    if (this.#phase === "live") return;
    this.#stalled ??= now;
    if (now - this.#stalled >= this.#limits.patience) {
      this.#breakOff(new Error("The reader of this watch takes nothing: it was cut off and can resume"));
    }
  }

  /** Ends it cleanly: what waits is still sent. */
  end(): void {
    if (this.#phase === "ended") return;
    this.bookmark();
    this.#controller?.close();
    this.#release();
  }

  #sendInitial(): void {
    const chunk = this.#initial && nextChunk(this.#initial);
    if (chunk) return this.#controller?.enqueue(chunk);
    this.#initial = undefined;
    this.#phase = "behind";
    if (this.#watched.announceInitialEnd) {
      this.#controller?.enqueue(this.#watched.lines.bookmark(this.#sent, "initial-events-end"));
    }
    this.#catchUp();
  }

  #catchUp(): void {
    const { cache, scope } = this.#watched;
    this.#phase = "live";
    try {
      const handle = cache.watch(scope, this.#sent, (event) => this.#take(event));
      // While it took what was kept the queue may have filled up.
      if (this.#isLive()) this.#handle = handle;
      else handle.stop();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#controller?.enqueue(errorLine(error));
      this.#controller?.close();
      this.#release();
    }
  }

  #take(event: CacheEvent): boolean {
    if (!this.#isLive()) return false;
    if (this.#isFull()) {
      // Everything before has been sent or did not concern it.
      this.#sent = event.revision - 1;
      this.#phase = "behind";
      this.#handle = undefined;
      return false;
    }
    try {
      this.#controller?.enqueue(this.#watched.lines.event(event));
    } catch (error) {
      this.#breakOff(error);
      return false;
    }
    this.#sent = event.revision;
    return true;
  }

  #isLive(): boolean {
    return this.#phase === "live";
  }

  #isFull(): boolean {
    return (this.#controller?.desiredSize ?? 0) < LOW_WATER - this.#limits.queuedBytes;
  }

  /** Ends it such that the client sees a broken connection; what waits is thrown away. */
  #breakOff(error: unknown): void {
    this.#controller?.error(error);
    this.#release();
  }

  #release(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#handle?.stop();
    this.#handle = undefined;
    this.#initial = undefined;
    this.#ended(this);
  }
}

/** The line of a failure. */
export function errorLine(error: StatusError): Uint8Array<ArrayBuffer> {
  return UTF8.encode(JSON.stringify({ type: "ERROR", object: error.toStatus() }) + "\n");
}

/** The document of a bookmark: only how far the watch is. */
export function bookmarkDocument(
  { apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">,
  revision: Revision,
  initialEnd?: "initial-events-end",
): Pick<KubeObject, "apiVersion" | "kind"> & { metadata: Omit<KubeObject["metadata"], "name"> } {
  const annotations = { "k8s.io/initial-events-end": "true" };
  return {
    kind,
    apiVersion,
    metadata: { resourceVersion: String(revision), ...(initialEnd ? { annotations } : {}) },
  };
}

function* initialParts(documents: Iterable<CachedDocument>, { lines }: Watched): Generator<Uint8Array> {
  for (const document of documents) yield* lines.initial(document);
}
