import type { Clock, Log } from "@servicelet/shared/ports";
import type { Capability, CapabilityRecord } from "./capability.ts";
import { readChecked, writeChecked } from "./checked_file.ts";
import type { Files } from "./files.ts";

const FOLDER = "capabilities";
const RETRY_MS = 5_000;

/** Ports of {@link Capabilities}. */
export interface CapabilitiesOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends retries of failed writes. */
  readonly signal: AbortSignal;
}

/** The capabilities of this runtime: in memory, each with a file of its own. Writes of one file follow each other; what changes while one is
 * under way goes into the next. */
export class Capabilities {
  readonly #options: CapabilitiesOptions;
  readonly #all = new Map<string, Capability>();
  readonly #writes = new Map<string, { again: boolean; done: Promise<void> }>();

  private constructor(options: CapabilitiesOptions) {
    this.#options = options;
  }

  /** Reads what an earlier servicelet left. `whole` is false where something of it was lost, so that only a complete view can be trusted. */
  static async load(options: CapabilitiesOptions): Promise<{ capabilities: Capabilities; whole: boolean }> {
    const { files, log } = options;
    const capabilities = new Capabilities(options);
    const names = new Set((await files.list(FOLDER)).map((name) => name.replace(/\.json.*$/, ".json")));
    const read = await Promise.all(
      [...names].map((name) => readChecked<CapabilityRecord>(files, `${FOLDER}/${name}`, log)),
    );
    for (const checked of read) {
      if (!checked) continue;
      const record = checked.value;
      capabilities.#all.set(record.id, { record, known: record.desired, adopted: false, findings: {} });
    }
    return { capabilities, whole: read.every((checked) => checked && !checked.fellBack) };
  }

  /** The capability of an id. */
  get(id: string): Capability | undefined {
    return this.#all.get(id);
  }

  /** All of them, in the order in which they came. */
  all(): Iterable<Capability> {
    return this.#all.values();
  }

  /** Takes in a new one. It is on disk when {@link save} has resolved. */
  add(capability: Capability): void {
    this.#all.set(capability.record.id, capability);
  }

  /** Writes the record as it is now, or as it is when the write under way has ended. Resolves once durable; a write that fails (disk full) is
   * tried again for ever, since everything works on without it. */
  save(id: string): Promise<void> {
    const write = this.#writes.get(id);
    if (write) {
      write.again = true;
      return write.done;
    }
    const started = { again: false, done: Promise.resolve() };
    this.#writes.set(id, started);
    started.done = this.#write(id, started);
    // Nobody has to wait for it, and it fails only when the servicelet ends.
    started.done.catch(() => {});
    return started.done;
  }

  /** Resolves when everything saved so far is durable. */
  async saved(): Promise<void> {
    await Promise.all([...this.#writes.values()].map(({ done }) => done));
  }

  /** Forgets one whose work here is done, on disk too. */
  async forget(id: string): Promise<void> {
    this.#all.delete(id);
    await this.save(id);
  }

  async #write(id: string, state: { again: boolean }): Promise<void> {
    const { files, clock, log, signal } = this.#options;
    try {
      do {
        state.again = false;
        const record = this.#all.get(id)?.record;
        try {
          await (record ? writeChecked(files, fileOf(id), record) : files.remove(fileOf(id)));
        } catch (error) {
          log.error("Cannot write the state of a capability; trying again", { id, error });
          state.again = true;
          await clock.sleep(RETRY_MS, signal);
        }
      } while (state.again);
    } finally {
      this.#writes.delete(id);
    }
  }
}

function fileOf(id: string): string {
  return `${FOLDER}/${id.replaceAll("/", "_")}.json`;
}
