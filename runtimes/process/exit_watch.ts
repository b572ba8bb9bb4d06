import type { DirectoryWatch, Files } from "../ports.ts";

/** Tells when exit records are written. One kernel watch for all; none while nobody waits. */
export class ExitWatch {
  readonly #directory: string;
  readonly #files: Files;
  readonly #callbacks = new Map<string, Set<() => void>>();
  #watch: DirectoryWatch | undefined;

  constructor(directory: string, files: Files) {
    this.#directory = directory;
    this.#files = files;
  }

  /** True while changes are told; false where the kernel has no watch left (fs.inotify.max_user_instances). */
  get isWatching(): boolean {
    return this.#watch !== undefined;
  }

  /** Calls back when the record of `run` changes, until the returned function is called. */
  listen(run: string, changed: () => void): () => void {
    const callbacks = this.#callbacks.getOrInsertComputed(run, () => new Set());
    callbacks.add(changed);
    this.#watch ??= this.#open();
    return () => {
      callbacks.delete(changed);
      if (callbacks.size === 0) this.#callbacks.delete(run);
      if (this.#callbacks.size > 0) return;
      this.#watch?.close();
      this.#watch = undefined;
    };
  }

  #open(): DirectoryWatch | undefined {
    try {
      return this.#files.watch(this.#directory, (name) => {
        for (const changed of this.#callbacks.get(name) ?? []) changed();
      });
    } catch {
      return undefined;
    }
  }
}
