/** Follows the one stream of everything that is assigned to this runtime.
 *
 * @module
 */
import { follow, type FollowEvent, type KubeClient } from "@servicelet/shared/client";
import { IDENTITY_NAMESPACE } from "@servicelet/shared/kinds";
import { documentPath, type KubeObject } from "@servicelet/shared/krm";
import type { Clock, Log } from "@servicelet/shared/ports";
import { idOf, runtimePath } from "../documents.ts";
import { type Capabilities, type Files, type Place, writePlace } from "../state/mod.ts";
import { acceptDocument, releaseDocument } from "./accept.ts";
import { lookAtMissing } from "./missing.ts";

/** While nothing is ordered, the place is kept this often: flash wears out. */
const KEEP_PLACE_MS = 5 * 60_000;
const RESTART_MS = 1_000;

/** Ports of {@link followAssignments}. */
export interface AssignmentsOptions {
  readonly client: KubeClient;
  /** Name of this runtime. */
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly files: Files;
  /** Where an earlier servicelet was; undefined takes a complete view first. */
  readonly place: Place | undefined;
  /** False where the place is only good for knowing the control plane again, because something of the state was lost. */
  readonly resume: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Something has to be done about a capability. */
  readonly look: (id: string) => void;
  /** The control plane has accepted the stream. */
  readonly online: () => void;
  /** Capabilities became orphans, or ceased to be. */
  readonly orphansChanged: () => void;
}

/** Follows until the signal aborts, by rejecting with its reason. */
export async function followAssignments(options: AssignmentsOptions): Promise<never> {
  const { clock, log, signal } = options;
  const intake = new Intake(options);
  for (;;) {
    try {
      await intake.run();
    } catch (error) {
      signal.throwIfAborted();
      log.warn("Cannot take in the assignments; taking a complete view", { error, inMs: RESTART_MS });
      intake.forgetPlace();
      await clock.sleep(RESTART_MS, signal);
    }
  }
}

class Intake {
  readonly #options: AssignmentsOptions;
  #place: Place | undefined;
  #resume: boolean;
  /** Who answered on this connection. */
  #identity: string | undefined;
  /** Ids that the view being received has named so far. */
  #named = new Set<string>();
  #keptAt = 0;
  #keeping: Promise<void> | undefined;
  #unkept = false;
  #lastFailure: string | undefined;

  constructor(options: AssignmentsOptions) {
    this.#options = options;
    this.#place = options.place;
    this.#resume = options.resume;
  }

  forgetPlace(): void {
    this.#resume = false;
  }

  async run(): Promise<never> {
    const { client, name, signal, online, log } = this.#options;
    const since = this.#resume ? this.#place?.resourceVersion : undefined;
    const events = follow(client, {
      path: runtimePath(name, "assignments"),
      signal,
      ...(since === undefined ? {} : { resourceVersion: since }),
      verify: (aborted) => this.#verify(aborted),
      opened: () => {
        if (this.#lastFailure !== undefined) log.info("The control plane is there again");
        this.#lastFailure = undefined;
        online();
      },
      failed: (error) => this.#tellFailure(error),
    });
    for await (const event of events) await this.#take(event);
    throw new Error("The stream of assignments ended");
  }

  /** Whether the control plane is the one that was followed last. */
  async #verify(signal: AbortSignal): Promise<boolean> {
    const path = documentPath({ group: "", version: "v1", plural: "namespaces", name: IDENTITY_NAMESPACE });
    const namespace = await this.#options.client.get(path, { signal });
    this.#identity = namespace.metadata.uid;
    return this.#isSame();
  }

  #isSame(): boolean {
    return this.#identity !== undefined && this.#identity === this.#place?.identity;
  }

  async #take(event: FollowEvent): Promise<void> {
    if (event.type === "begin") {
      this.#named = new Set();
      // Half a view is nothing to resume from.
      this.#resume = false;
    } else if (event.type === "document") {
      this.#document(event.object);
    } else if (event.type === "gone") {
      this.#gone(event.object);
    } else if (event.type === "complete") {
      await this.#complete(event.resourceVersion);
    } else {
      this.#reach(event.resourceVersion, "now and then");
    }
  }

  #document(document: KubeObject): void {
    const { capabilities, look, orphansChanged } = this.#options;
    const id = idOf(document);
    this.#named.add(id);
    const wasOrphan = capabilities.get(id)?.record.orphaned === true;
    const changed = acceptDocument(capabilities, document);
    if (changed) look(id);
    if (wasOrphan) orphansChanged();
    this.#reach(document.metadata.resourceVersion, changed ? "soon" : "now and then");
  }

  #gone(document: KubeObject): void {
    const { capabilities, look } = this.#options;
    const id = idOf(document);
    this.#named.delete(id);
    // Before the view is complete, its end decides.
    if (!this.#resume) return;
    if (releaseDocument(capabilities, id)) look(id);
    this.#reach(document.metadata.resourceVersion, "soon");
  }

  async #complete(resourceVersion: string): Promise<void> {
    const { capabilities, client, name, signal, look, log, orphansChanged } = this.#options;
    const older = Number(resourceVersion) < Number(this.#place?.resourceVersion ?? 0);
    const trusted = this.#isSame() && !older;
    const { released, orphaned } = await lookAtMissing({
      capabilities,
      named: this.#named,
      trusted,
      client,
      runtime: name,
      signal,
    });
    for (const id of released) {
      if (releaseDocument(capabilities, id)) look(id);
    }
    for (const id of orphaned) {
      const capability = capabilities.get(id);
      if (!capability) continue;
      capability.record.orphaned = true;
      void capabilities.save(id);
      log.warn("The control plane does not know this capability; it is kept", {
        id,
        because: older ? "its revision went backwards" : "it is another control plane",
      });
    }
    if (orphaned.length > 0) orphansChanged();
    if (this.#identity === undefined) return;
    this.#place = { version: 1, identity: this.#identity, resourceVersion };
    this.#resume = true;
    this.#keep();
  }

  /** Everything up to a revision has been taken in. Before the view is complete that is nothing to resume from. */
  #reach(resourceVersion: string | undefined, urgency: "soon" | "now and then"): void {
    const { clock } = this.#options;
    if (resourceVersion === undefined || !this.#place || !this.#isSame() || !this.#resume) return;
    if (Number(resourceVersion) <= Number(this.#place.resourceVersion)) return;
    this.#place = { ...this.#place, resourceVersion };
    if (urgency === "soon" || clock.monotonic() - this.#keptAt >= KEEP_PLACE_MS) this.#keep();
  }

  /** Keeps the place on disk, after everything that it stands for, and one write at a time. */
  #keep(): void {
    this.#unkept = true;
    this.#keeping ??= this.#keepAll().finally(() => this.#keeping = undefined);
  }

  async #keepAll(): Promise<void> {
    const { files, capabilities, clock, log } = this.#options;
    try {
      while (this.#unkept) {
        this.#unkept = false;
        const place = this.#place;
        await capabilities.saved();
        if (place) await writePlace(files, place);
        this.#keptAt = clock.monotonic();
      }
    } catch (error) {
      if (!this.#options.signal.aborted) {
        log.error("Cannot keep the place in the stream of assignments", { error });
      }
    }
  }

  /** A failure that repeats itself every second is told once. */
  #tellFailure(error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    if (failure !== this.#lastFailure) {
      this.#options.log.warn("Cannot follow the assignments; trying again, what runs goes on", { error });
    }
    this.#lastFailure = failure;
  }
}
