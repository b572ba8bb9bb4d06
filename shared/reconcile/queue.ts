import type { Clock, Log, Random } from "../ports/mod.ts";
import { type Backoff, backoff, type BackoffOptions } from "./backoff.ts";

/** What a reconcile asks for. */
export interface Next {
  /** Look again after this time, even if nothing happens. */
  readonly requeueAfterMs?: number;
}

/** What a queue works with. */
export interface QueueOptions {
  /** Looks at the world and makes it so. Called for one key at a time; `signal` aborts when the queue is closed. */
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<Next | void> | Next | void;
  /** Time for waiting. */
  readonly clock: Clock;
  /** Spreads retries. */
  readonly random: Random;
  /** Told of failures. */
  readonly log: Log;
  /** Keys looked at at the same time. Default: 4. */
  readonly concurrency?: number;
  /** Waiting times after failures. Default: 5 ms, doubling up to 30 s. */
  readonly retry?: BackoffOptions;
}

/** Keys that wait for a look. Disposing it waits for the looks under way and starts no more. */
export interface Queue extends AsyncDisposable {
  /** Asks for a look now. Any number of calls before the look begins are one; a call during the look leads to another one after it. */
  add(key: string): void;
  /** Resolves when no key is being looked at or could be now; keys that wait for a time do not count. */
  idle(): Promise<void>;
}

const RETRY: BackoffOptions = { initialMs: 5, maxMs: 30_000 };

/** Makes a work queue: one look per key at a time, repeated with growing pauses while it fails. */
export function createQueue(options: QueueOptions): Queue {
  return new WorkQueue(options);
}

interface Item {
  running: boolean;
  /** Asked for (again) since the last look began. */
  wanted: boolean;
  /** Aborts the wait for the next look, where there is one. */
  wait: AbortController | undefined;
  readonly retry: Backoff;
}

class WorkQueue implements Queue {
  readonly #options: QueueOptions;
  readonly #items = new Map<string, Item>();
  readonly #ready: string[] = [];
  readonly #closing = new AbortController();
  #running = 0;
  /** Set while keys are looked at or could be. */
  #busy: PromiseWithResolvers<void> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#closing.signal.aborted) return;
    const item = this.#items.get(key) ?? this.#newItem(key);
    item.wait?.abort();
    item.wait = undefined;
    if (item.wanted) return;
    item.wanted = true;
    if (!item.running) this.#enqueue(key);
  }

  async idle(): Promise<void> {
    await this.#busy?.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("The queue is closed"));
    this.#ready.length = 0;
    for (const item of this.#items.values()) item.wait?.abort();
    this.#settle();
    await this.#busy?.promise;
  }

  #newItem(key: string): Item {
    const { retry = RETRY, random } = this.#options;
    const item: Item = { running: false, wanted: false, wait: undefined, retry: backoff(retry, random) };
    this.#items.set(key, item);
    return item;
  }

  #enqueue(key: string): void {
    this.#busy ??= Promise.withResolvers();
    this.#ready.push(key);
    // Not at once: everything that the caller adds in this turn becomes one look per key.
    queueMicrotask(() => this.#startReady());
  }

  #startReady(): void {
    const limit = this.#options.concurrency ?? 4;
    while (this.#running < limit) {
      const key = this.#ready.shift();
      const item = key === undefined ? undefined : this.#items.get(key);
      if (key === undefined || !item) return;
      void this.#look(key, item);
    }
  }

  async #look(key: string, item: Item): Promise<void> {
    this.#running++;
    item.running = true;
    item.wanted = false;
    const waitMs = await this.#attempt(key, item);
    item.running = false;
    this.#running--;
    if (this.#closing.signal.aborted) {
      this.#items.delete(key);
    } else if (item.wanted) {
      this.#enqueue(key);
    } else if (waitMs === undefined) {
      this.#items.delete(key);
    } else {
      this.#later(key, item, waitMs);
    }
    this.#startReady();
    this.#settle();
  }

  /** Resolves to the time until the next look; undefined where none is needed. */
  async #attempt(key: string, item: Item): Promise<number | undefined> {
    const { reconcile, log } = this.#options;
    try {
      const next = await reconcile(key, this.#closing.signal);
      item.retry.reset();
      return next?.requeueAfterMs;
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      const waitMs = item.retry.next();
      log.warn("Reconcile failed; trying again", { key, error, inMs: Math.round(waitMs) });
      return waitMs;
    }
  }

  #later(key: string, item: Item, ms: number): void {
    const wait = new AbortController();
    item.wait = wait;
    this.#options.clock.sleep(ms, wait.signal).then(
      () => {
        if (item.wait === wait) this.add(key);
      },
      () => {}, // Aborted: something asked for a look before the time, or the queue is closed.
    );
  }

  #settle(): void {
    if (this.#running > 0 || this.#ready.length > 0) return;
    this.#busy?.resolve();
    this.#busy = undefined;
  }
}
