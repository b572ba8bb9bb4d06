import type { DocumentKey } from "../store/mod.ts";

/** What a runtime has been given. */
export interface Load {
  /** Bytes requested by its capabilities. */
  readonly memory: number;
  /** Number of capabilities. */
  readonly count: number;
}

const NOTHING: Load = { memory: 0, count: 0 };

/** Which capability is assigned to which runtime, and the sums per runtime. */
export class Assignments {
  readonly #of = new Map<DocumentKey, { readonly runtime: string; readonly memory: number }>();
  readonly #at = new Map<string, Set<DocumentKey>>();
  readonly #load = new Map<string, Load>();

  /** Notes that a capability is assigned to `runtime`. */
  set(key: DocumentKey, runtime: string, memory: number): void {
    const old = this.#of.get(key);
    if (old?.runtime === runtime && old.memory === memory) return;
    this.delete(key);
    this.#of.set(key, { runtime, memory });
    this.#at.getOrInsertComputed(runtime, () => new Set()).add(key);
    this.#add(runtime, memory, 1);
  }

  /** Notes that a capability is assigned to no runtime. Answers whether it was to one. */
  delete(key: DocumentKey): boolean {
    const old = this.#of.get(key);
    if (!old) return false;
    this.#of.delete(key);
    this.#at.get(old.runtime)?.delete(key);
    this.#add(old.runtime, -old.memory, -1);
    return true;
  }

  /** What a runtime has been given. */
  load(runtime: string): Load {
    return this.#load.get(runtime) ?? NOTHING;
  }

  /** Capabilities of a runtime. */
  keysAt(runtime: string): Iterable<DocumentKey> {
    return this.#at.get(runtime) ?? [];
  }

  #add(runtime: string, memory: number, count: number): void {
    const old = this.load(runtime);
    const load = { memory: old.memory + memory, count: old.count + count };
    if (load.count > 0) this.#load.set(runtime, load);
    else {
      this.#load.delete(runtime);
      this.#at.delete(runtime);
    }
  }
}
