import { decideGroup, settleGroup, type Waiting } from "./group_commit.ts";
import { type Change, type Follower, type Revision, type Store, type Version } from "./store.ts";
import { storeClosed } from "./unavailable.ts";
import { applyVersion, countForgettable, emptyIndex } from "./version_index.ts";

/** What a memory store keeps: given to the next one, it plays the disk. */
export interface MemoryDisk {
  /** In order of revision. */
  readonly versions: Map<Revision, Version>;
  /** Last revision written. */
  revision: Revision;
  /** As of the store. */
  floor: Revision;
}

/** An empty disk. */
export function memoryDisk(): MemoryDisk {
  return { versions: new Map(), revision: 0, floor: 0 };
}

/** A store in memory, for tests, simulations and trials: the whole contract but for durability.
 *
 * @param options `disk`: where it writes; one that a store wrote before is taken up
 */
export function memoryStore({ disk = memoryDisk() }: { disk?: MemoryDisk } = {}): Store {
  return new MemoryStore(disk);
}

class MemoryStore implements Store {
  readonly #disk: MemoryDisk;
  readonly #index = emptyIndex();
  #follower: Follower | undefined;
  #queue: Waiting[] = [];
  #closed = false;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
    for (const version of disk.versions.values()) applyVersion(this.#index, version);
    this.#index.revision = disk.revision;
    this.#index.floor = disk.floor;
  }

  get revision(): Revision {
    return this.#index.revision;
  }

  get floor(): Revision {
    return this.#index.floor;
  }

  follow(follower: Follower): Promise<void> {
    this.#follower = follower;
    for (const version of this.#disk.versions.values()) follower(version);
    return Promise.resolve();
  }

  commit(change: Change): Promise<Revision> {
    if (this.#closed) return Promise.reject(storeClosed());
    const { promise, resolve, reject } = Promise.withResolvers<Revision>();
    if (this.#queue.push({ change, resolve, reject }) === 1) queueMicrotask(() => this.#commitAll());
    return promise;
  }

  sync(): Promise<void> {
    return this.#closed ? Promise.reject(storeClosed()) : Promise.resolve();
  }

  // deno-lint-ignore require-await -- a wrong floor rejects
  async compact(floor: Revision): Promise<void> {
    if (this.#closed) throw storeClosed();
    if (floor > this.#index.revision) {
      throw new RangeError(
        `Cannot compact: floor must be at most ${this.#index.revision}, the last revision: it was ${floor}`,
      );
    }
    this.#disk.floor = this.#index.floor = Math.max(this.#index.floor, floor);
    const forgotten = this.#index.superseded.splice(0, countForgettable(this.#index, this.#index.floor));
    for (const { revision } of forgotten) this.#disk.versions.delete(revision);
  }

  // deno-lint-ignore require-await -- the contract is asynchronous
  async [Symbol.asyncDispose](): Promise<void> {
    this.#commitAll();
    this.#closed = true;
  }

  #commitAll(): void {
    while (this.#queue.length > 0) {
      const group = decideGroup(this.#queue, this.#index);
      this.#queue.splice(0, group.taken);
      for (const { version } of group.writes) {
        this.#disk.versions.set(version.revision, version);
        this.#disk.revision = version.revision;
        applyVersion(this.#index, version);
        this.#follower?.(version);
      }
      settleGroup(group);
    }
  }
}
