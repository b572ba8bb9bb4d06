/** Deno KV as a store: a log with a head.
 *
 * - `["v", revision]`: one version of one document ({@link VersionRecord}), and nothing else: the newest version of a key is the document.
 * - `["head"]`: last revision, floor, id of the last commit ({@link Head}).
 * - `["chunk", id, i]`: bytes of documents above 60 KiB.
 *
 * A commit is one atomic operation: check the head, set it, set one version per change. Whoever commits has therefore applied
 * everything before, and decides in memory.
 *
 * @module
 */
import type { Clock, Log, Random } from "@servicelet/shared/ports";
import { commitWhenFree } from "./commit_when_free.ts";
import { chunkKeys, sweepOrphans, writeChunks } from "./chunks.ts";
import { forgetSuperseded } from "./compaction.ts";
import { decideGroup, failGroup, type Group, settleGroup, type Waiting } from "./group_commit.ts";
import { HEAD, type Head, parseHead, versionKey } from "./head.ts";
import type { Kv } from "./kv.ts";
import { INLINE_BYTES } from "./limits.ts";
import { type Loaded, loadVersions } from "./load_versions.ts";
import { readVersions } from "./read_versions.ts";
import {
  type Change,
  type Follower,
  type Revision,
  type Store,
  StoreUnavailable,
  type Version,
} from "./store.ts";
import { type ChunkReference, encodeRecord } from "./version_record.ts";
import { applyVersion, emptyIndex } from "./version_index.ts";
import { messageOf, storeClosed, unavailable } from "./unavailable.ts";
import { watchHead } from "./watch_head.ts";

/** What a store on Deno KV needs. */
export interface DenoKvStoreOptions {
  /** The database; the store closes it. */
  readonly kv: Kv;
  /** True where no other process and no other store writes into the database: reads then ask nobody. */
  readonly exclusive: boolean;
  /** For the age of chunks, and pauses. */
  readonly clock: Clock;
  /** For ids of commits, and pauses. */
  readonly random: Random;
  /** Told what needs an operator. */
  readonly log: Log;
}

/** Opens the store in a database, which may be empty, and reads everything that it keeps.
 *
 * @throws {StoreUnavailable} the database cannot be read or is damaged; it is closed then
 */
export async function openDenoKvStore(options: DenoKvStoreOptions): Promise<Store> {
  try {
    return new DenoKvStore(await loadVersions(options.kv), options);
  } catch (cause) {
    options.kv.close();
    throw unavailable("Cannot load the store", cause);
  }
}

/** Someone who waits for the store to be up to date. */
interface Waiter {
  resolve(): void;
  reject(reason: unknown): void;
}

class DenoKvStore implements Store {
  readonly #options: DenoKvStoreOptions;
  readonly #index = emptyIndex();
  /** Versionstamp of the head that `#index` corresponds to. */
  #stamp: string | null;
  #follower: Follower | undefined;
  /** Versions until somebody follows. */
  #kept: Version[] = [];

  #queue: Waiting[] = [];
  #synchronizing: Waiter[] = [];
  #floorWish: (Waiter & { readonly floor: Revision }) | undefined;
  /** Highest revision that the watch of the head has told of. */
  #announced: Revision = 0;
  /** How often in a row another process was faster. */
  #overtaken = 0;
  #turns: Promise<void> | undefined;
  #compaction: Promise<void> = Promise.resolve();

  readonly #ending = new AbortController();
  readonly #sweep: Promise<void>;
  readonly #watch: AsyncDisposable | undefined;
  /** Why nothing works any more, if so. */
  #lost: StoreUnavailable | undefined;
  #closed = false;

  constructor({ head, stamp, versions }: Loaded, options: DenoKvStoreOptions) {
    this.#options = options;
    this.#stamp = stamp;
    this.#index.floor = head.floor;
    for (const { version, chunks } of versions) this.#apply(version, chunks);
    this.#index.revision = head.revision;
    this.#sweep = this.#sweepOrphans();
    this.#watch = options.exclusive ? undefined : watchHead((revision) => {
      this.#announced = Math.max(this.#announced, revision);
      if (this.#isWanted()) this.#wake();
    }, options);
  }

  get revision(): Revision {
    return this.#index.revision;
  }

  get floor(): Revision {
    return this.#index.floor;
  }

  follow(follower: Follower): Promise<void> {
    const kept = this.#kept;
    this.#kept = [];
    this.#follower = follower;
    for (const version of kept) follower(version);
    return Promise.resolve();
  }

  commit(change: Change): Promise<Revision> {
    if (this.#closed) return Promise.reject(storeClosed());
    const { promise, resolve, reject } = Promise.withResolvers<Revision>();
    this.#queue.push({ change, resolve, reject });
    this.#wake();
    return promise;
  }

  sync(): Promise<void> {
    if (this.#closed) return Promise.reject(storeClosed());
    if (this.#options.exclusive) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#synchronizing.push({ resolve, reject });
    this.#wake();
    return promise;
  }

  compact(floor: Revision): Promise<void> {
    if (this.#closed) return Promise.reject(storeClosed());
    const compaction = this.#compaction.then(() => this.#compact(floor));
    this.#compaction = compaction.catch(() => {});
    return compaction;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ending.abort();
    await this.#compaction;
    await this.#turns;
    await this.#sweep;
    await this.#watch?.[Symbol.asyncDispose]();
    this.#options.kv.close();
  }

  #wake(): void {
    this.#turns ??= this.#takeTurns();
  }

  #isWanted(): boolean {
    return this.#queue.length > 0 || this.#synchronizing.length > 0 || this.#floorWish !== undefined ||
      (this.#isBehind() && !this.#closed);
  }

  #isBehind(): boolean {
    return this.#announced > this.#index.revision && !this.#lost;
  }

  /** One turn after the other, as long as anybody wants something: all that changes the state happens in here. */
  async #takeTurns(): Promise<void> {
    // What arrives in the same task shares the first commit.
    await Promise.resolve();
    while (this.#isWanted()) {
      const synchronizing = this.#synchronizing;
      this.#synchronizing = [];
      try {
        await this.#takeTurn();
        for (const { resolve } of synchronizing) resolve();
      } catch (cause) {
        for (const { reject } of synchronizing) reject(cause);
        if (this.#isBehind()) await this.#pause(1_000);
      }
    }
    this.#turns = undefined;
  }

  /** Commits what waits and fits, or where there is nothing to commit, catches up: either proves that this store has seen everything. */
  async #takeTurn(): Promise<void> {
    // A change that comes later may know of revisions that this turn does not see.
    const waiting = [...this.#queue];
    let group = decideGroup(waiting, this.#index);
    try {
      if (this.#lost) throw this.#lost;
      if (!this.#options.exclusive && this.#hasNothingToWrite(group)) {
        await this.#catchUp();
        group = decideGroup(waiting, this.#index);
      }
      if (!this.#hasNothingToWrite(group) && !await this.#write(group)) {
        if (++this.#overtaken > 2) await this.#pause(Math.min(50, 2 ** this.#overtaken));
        return;
      }
      this.#overtaken = 0;
      this.#queue.splice(0, group.taken);
      settleGroup(group);
      if (this.#floorWish && this.#floorWish.floor <= this.#index.floor) {
        this.#floorWish.resolve();
        this.#floorWish = undefined;
      }
    } catch (cause) {
      const reason = unavailable("Cannot reach the store", cause);
      this.#queue.splice(0, group.taken);
      failGroup(group, reason);
      this.#floorWish?.reject(reason);
      this.#floorWish = undefined;
      throw reason;
    }
  }

  #hasNothingToWrite({ writes }: Group): boolean {
    return writes.length === 0 && (this.#floorWish?.floor ?? 0) <= this.#index.floor;
  }

  /** Commits a group. Answers false where another process was faster: everything of it is applied then, and it is time to decide again. */
  async #write({ writes }: Group): Promise<boolean> {
    const { kv, random, log } = this.#options;
    const commit = random.uuid().replaceAll("-", "");
    const head: Head = {
      format: 1,
      revision: this.#index.revision + writes.length,
      floor: Math.max(this.#index.floor, this.#floorWish?.floor ?? 0),
      commit,
    };
    const operation = kv.atomic().check({ key: HEAD, versionstamp: this.#stamp }).set(HEAD, head);
    const chunks = new Map<Revision, ChunkReference>();
    let failure: unknown;
    try {
      for (const { version } of writes) {
        const { revision, document: { bytes } } = version;
        if (bytes.length > INLINE_BYTES) chunks.set(revision, await writeChunks(bytes, this.#options));
        operation.set(
          versionKey(revision),
          encodeRecord({ ...version, commit, body: chunks.get(revision) ?? bytes }),
        );
      }
      const result = await commitWhenFree(operation, this.#options);
      if (result.ok) {
        for (const { version } of writes) this.#apply(version, chunks.get(version.revision));
        this.#index.floor = head.floor;
        this.#stamp = result.versionstamp;
        return true;
      }
    } catch (cause) {
      failure = cause;
    }

    // The answer may be wrong: KV Connect repeats a commit whose answer it did not get, and the second one finds the head moved.
    const isMine = await this.#catchUp(commit).catch((cause) => {
      throw new StoreUnavailable(
        `Cannot tell whether the commit was written: ${messageOf(failure ?? cause)}`,
        { cause: failure ?? cause },
      );
    });
    if (isMine) return true;
    if (failure !== undefined) {
      const outcome = this.#options.exclusive ? "nothing was written" : "whether it was written is unknown";
      throw new StoreUnavailable(`Cannot write to the store: ${messageOf(failure)}; ${outcome}`, {
        cause: failure,
      });
    }
    if (this.#options.exclusive) log.error("Another process writes into the store, though it must not");
    await this.#dropChunks(chunks.values());
    return false;
  }

  /** Applies what others have committed. Answers whether the next commit after the last one applied here was `commit`. */
  async #catchUp(commit?: string): Promise<boolean> {
    const { kv } = this.#options;
    const { value, versionstamp } = await kv.get(HEAD);
    if (versionstamp === this.#stamp) return false;
    const head = parseHead(value);
    const from = this.#index.revision;
    let isMine = head.commit === commit;
    for await (const stored of head.revision > from ? readVersions(kv, { from, to: head.revision }) : []) {
      if (stored.version.revision !== this.#index.revision + 1) break;
      if (stored.version.revision === from + 1 && stored.commit === commit) isMine = true;
      this.#apply(stored.version, stored.chunks);
    }
    if (this.#index.revision !== head.revision) throw this.#lose(head);
    this.#index.floor = Math.max(this.#index.floor, head.floor);
    this.#stamp = versionstamp;
    return isMine;
  }

  #lose(head: Head): StoreUnavailable {
    this.#lost = new StoreUnavailable(
      `Cannot follow the store: revision ${
        this.#index.revision + 1
      } is missing, while the head is ${head.revision} ` +
        `and the floor ${head.floor}: this process was left behind by a compaction or the database was replaced; restart it`,
    );
    this.#options.log.error(this.#lost.message);
    return this.#lost;
  }

  #apply(version: Version, chunks: ChunkReference | undefined): void {
    applyVersion(this.#index, version, chunks);
    if (this.#follower) this.#follower(version);
    else this.#kept.push(version);
  }

  async #compact(floor: Revision): Promise<void> {
    if (floor > this.#index.revision) {
      throw new RangeError(
        `Cannot compact: floor must be at most ${this.#index.revision}, the last revision: it was ${floor}`,
      );
    }
    if (floor > this.#index.floor) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.#floorWish = { floor, resolve, reject };
      this.#wake();
      await promise;
    }
    await forgetSuperseded(this.#index, this.#index.floor, this.#options).catch((cause) => {
      throw unavailable("Cannot compact the store", cause);
    });
  }

  async #sweepOrphans(): Promise<void> {
    const { log } = this.#options;
    try {
      const swept = await sweepOrphans(this.#index.chunks.values(), this.#options);
      if (swept > 0) log.info("Removed parts of documents whose commit never happened", { chunks: swept });
    } catch (cause) {
      log.warn("Could not look for parts of documents whose commit never happened", { cause });
    }
  }

  async #dropChunks(references: Iterable<ChunkReference>): Promise<void> {
    for (const reference of references) {
      const operation = this.#options.kv.atomic();
      for (const key of chunkKeys(reference)) operation.delete(key);
      await commitWhenFree(operation, this.#options).catch(() => "swept at a later start");
    }
  }

  async #pause(most: number): Promise<void> {
    const { clock, random } = this.#options;
    await clock.sleep(random.next() * most, this.#ending.signal).catch(() => {});
  }
}
