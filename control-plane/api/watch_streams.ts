import type { Clock, Random } from "@servicelet/shared/ports";
import { IN_BYTES, type Watched, type WatchLimits, WatchStream } from "./watch_stream.ts";

/** Milliseconds between two looks at all streams. */
const TICK = 1_000;
/** Ticks between two bookmarks of a stream; each tick is the turn of a part of them, so that not all are written to at once. */
const TURNS = 8;
/** Where the client names no timeout: between 30 and 60 minutes, so that clients do not come back all at once. */
const SHORTEST_TIMEOUT = 30 * 60_000;

const DEFAULT_LIMITS: WatchLimits = { queuedBytes: 1024 * 1024, patience: 30_000 };

/** What open watches need. */
export interface WatchStreamsOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Default: 1 MiB, 30 seconds. */
  readonly limits?: WatchLimits;
}

/** All open watches of a server: one timer for everything that is due. */
export class WatchStreams implements AsyncDisposable {
  readonly #options: WatchStreamsOptions;
  readonly #turns: readonly Set<WatchStream>[] = Array.from({ length: TURNS }, () => new Set());
  readonly #stop = new AbortController();
  #opened = 0;
  #ticking: Promise<void> | undefined;

  /** @param options see {@link WatchStreamsOptions} */
  constructor(options: WatchStreamsOptions) {
    this.#options = options;
  }

  /** Watches that are open. */
  get size(): number {
    return this.#turns.reduce((sum, { size }) => sum + size, 0);
  }

  /** Opens a watch.
   *
   * @param timeoutSeconds after which it ends; by chance where the client leaves it open */
  open(watched: Watched, timeoutSeconds: number | undefined): ReadableStream<Uint8Array> {
    const { clock, random, limits = DEFAULT_LIMITS } = this.#options;
    const timeout = timeoutSeconds === undefined
      ? SHORTEST_TIMEOUT * (1 + random.next())
      : timeoutSeconds * 1_000;
    // The remainder is below the number of turns.
    const turn = this.#turns[this.#opened++ % TURNS]!;
    const source = new WatchStream(watched, {
      deadline: clock.monotonic() + timeout,
      limits,
      ended: (stream) => turn.delete(stream),
    });
    turn.add(source);
    const stream = new ReadableStream(source, IN_BYTES);
    if (this.#stop.signal.aborted) source.end();
    else this.#ticking ??= this.#tick();
    return stream;
  }

  /** Ends every watch, and each that is still opened, for a shutdown: what waits is still sent. */
  closeAll(): void {
    this.#stop.abort();
    for (const turn of this.#turns) {
      for (const stream of turn) stream.end();
    }
  }

  /** Ends every watch. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.closeAll();
    await this.#ticking;
  }

  async #tick(): Promise<void> {
    const { clock } = this.#options;
    for (let tick = 0; this.size > 0; tick++) {
      await clock.sleep(TICK, this.#stop.signal).catch(() => {});
      if (this.#stop.signal.aborted) return;
      this.#turns[tick % TURNS]?.forEach((stream) => stream.bookmark());
      const now = clock.monotonic();
      for (const turn of this.#turns) {
        for (const stream of turn) stream.check(now);
      }
    }
    this.#ticking = undefined;
  }
}
