import { PROVIDER_GROUP, TEARDOWN_FINALIZER } from "@servicelet/shared/kinds";
import { conditionOf, isNotFound, type KubeObject, setCondition, StatusError } from "@servicelet/shared/krm";
import { createQueue, type Queue } from "@servicelet/shared/reconcile";
import { groupResource } from "../registry/document_key.ts";
import type { DocumentRef } from "../registry/documents.ts";
import type { DocumentKey } from "../store/mod.ts";
import { Assignments } from "./assignments.ts";
import { explain } from "./explain.ts";
import { schedule } from "./fit.ts";
import { followDocuments, refOf } from "./follow_documents.ts";
import { type Order, orderOf, requestedMemory, RUNTIME_TYPES } from "./order.ts";
import type { CoordinatorPorts } from "./ports.ts";
import { factsOf, type RuntimeFacts } from "./runtime_facts.ts";

const RUNTIMES = `${PROVIDER_GROUP}/serviceruntimes`;
/** Decisions are made one after the other; this many writes of them may be under way, so that they share commits. */
const CONCURRENCY = 64;

/** Assigns capabilities to runtimes, and explains where it cannot. */
export function startScheduler(ports: CoordinatorPorts): AsyncDisposable {
  return new Scheduler(ports);
}

class Scheduler implements AsyncDisposable {
  readonly #ports: CoordinatorPorts;
  readonly #queue: Queue;
  readonly #runtimes = new Map<string, RuntimeFacts>();
  readonly #assignments = new Assignments();
  /** Capabilities that no runtime fits. */
  readonly #waiting = new Set<DocumentKey>();
  readonly #following = new DisposableStack();

  constructor(ports: CoordinatorPorts) {
    this.#ports = ports;
    this.#queue = createQueue({
      ...ports,
      concurrency: CONCURRENCY,
      reconcile: (key) => this.#reconcile(key),
    });
    const follow = (resource: string, tell: (key: DocumentKey, document: KubeObject | undefined) => void) =>
      this.#following.use(followDocuments(ports.cache, { resource }, tell));
    follow(RUNTIMES, (key, runtime) => this.#seeRuntime(key.slice(key.lastIndexOf("/") + 1), runtime));
    for (const resource of RUNTIME_TYPES.keys()) {
      follow(resource, (key, document) => this.#seeCapability(key, document));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#following.dispose();
    await this.#queue[Symbol.asyncDispose]();
  }

  #seeRuntime(name: string, runtime: KubeObject | undefined): void {
    const old = this.#runtimes.get(name);
    const facts = runtime && factsOf(runtime);
    // Heartbeats change nothing that a decision depends on.
    if (JSON.stringify(old) === JSON.stringify(facts)) return;
    if (facts) this.#runtimes.set(name, facts);
    else this.#runtimes.delete(name);
    if (!old || !facts) { for (const key of this.#assignments.keysAt(name)) this.#queue.add(key); }
    this.#retryWaiting();
  }

  #seeCapability(key: DocumentKey, document: KubeObject | undefined): void {
    const runtime = document?.["spec"]?.serviceRuntimeName;
    if (document && runtime) this.#assignments.set(key, runtime, requestedMemory(document));
    else if (this.#assignments.delete(key)) this.#retryWaiting();
    if (!document || runtime) this.#waiting.delete(key);
    if (document && needsLook(document)) this.#queue.add(key);
  }

  #retryWaiting(): void {
    for (const key of this.#waiting) this.#queue.add(key);
  }

  async #reconcile(key: DocumentKey): Promise<void> {
    const ref = refOf(this.#ports.registry, key);
    const document = ref && this.#ports.documents.get(ref);
    if (!ref || !document) return;
    try {
      if (document.metadata.deletionTimestamp) await this.#letGo(ref, document);
      else if (document["spec"]?.serviceRuntimeName) await this.#confirm(ref, document);
      else await this.#assign(key, ref, document);
    } catch (error) {
      // Gone in the meantime: nothing is left to do.
      if (!isNotFound(error)) throw error;
    }
  }

  /** Nobody will ever take the finalizer off a document whose runtime does not exist. */
  async #letGo(ref: DocumentRef, { metadata, spec }: KubeObject): Promise<void> {
    if (!metadata.finalizers?.includes(TEARDOWN_FINALIZER)) return;
    if (spec?.serviceRuntimeName && this.#runtimes.has(spec.serviceRuntimeName)) return;
    await this.#ports.documents.update(ref, (current) => {
      current.metadata.finalizers = current.metadata.finalizers?.filter((name) =>
        name !== TEARDOWN_FINALIZER
      ) ??
        [];
      return current;
    });
  }

  /** The document is assigned: by the consumer, or by us before the condition could be written. */
  async #confirm(ref: DocumentRef, document: KubeObject): Promise<void> {
    const runtime: string = document["spec"].serviceRuntimeName;
    if (!this.#runtimes.has(runtime)) {
      const message =
        `There is no ServiceRuntime ${JSON.stringify(runtime)}: start a servicelet of that name, ` +
        "or correct spec.serviceRuntimeName";
      return await this.#report(ref, "False", "RuntimeNotFound", message);
    }
    const assigned = document.metadata.finalizers?.includes(TEARDOWN_FINALIZER) === true;
    if (!assigned) await this.#ports.documents.update(ref, withFinalizer);
    const message = `${assignedTo(runtime)}${assigned ? "" : " by spec.serviceRuntimeName as ordered"}`;
    await this.#report(ref, "True", assigned ? "Scheduled" : "Preset", message);
  }

  async #assign(key: DocumentKey, ref: DocumentRef, document: KubeObject): Promise<void> {
    const order = readOrder(
      document,
      RUNTIME_TYPES.get(groupResource(ref.resource)) ?? "",
    );
    if (order instanceof Error) {
      const message = `spec.placement.selector cannot be used: ${order.message}`;
      return await this.#report(ref, "False", "InvalidPlacement", message);
    }
    const decision = schedule(order, this.#runtimes.values(), (name) => this.#assignments.load(name));
    if (!decision.fits) {
      this.#waiting.add(key);
      return await this.#report(ref, "False", "NoSuitableRuntime", explain(decision.refusals));
    }
    const { runtime } = decision;
    // Counted before it is written: the next decision may be made meanwhile.
    this.#assignments.set(key, runtime, order.memory);
    try {
      await this.#ports.documents.update(ref, (current) => assign(current, runtime));
    } catch (error) {
      this.#assignments.delete(key);
      throw error;
    }
    await this.#report(ref, "True", "Scheduled", assignedTo(runtime));
  }

  async #report(ref: DocumentRef, status: "True" | "False", reason: string, message: string): Promise<void> {
    const { documents, clock } = this.#ports;
    await documents.update(ref, (current) => {
      const conditions = current["status"]?.conditions ?? [];
      // Why it was assigned there stays as it was said at first.
      if (status === "True" && saysWhere(current)) return current;
      const observedGeneration = current.metadata.generation ?? 1;
      if (isSummaryOurs(current, status)) {
        const ready = status === "False" ? { status, reason, message } : {
          status: "Unknown" as const,
          reason: "Assigned",
          message: `${message}: it has not reported yet`,
        };
        setCondition(conditions, { type: "Ready", ...ready, observedGeneration }, clock.now());
      }
      setCondition(
        conditions,
        { type: "Scheduled", status, reason, message, observedGeneration },
        clock.now(),
      );
      current["status"] = { ...current["status"], conditions };
      return current;
    }, { subresource: "status" });
  }
}

/** False where a look would change nothing: most changes are a servicelet's reports. */
function needsLook(document: KubeObject): boolean {
  const assigned = document.metadata.finalizers?.includes(TEARDOWN_FINALIZER) === true;
  if (document.metadata.deletionTimestamp) return assigned;
  if (!document["spec"]?.serviceRuntimeName || !assigned) return true;
  return !saysWhere(document);
}

/** Whether the document says that it is assigned to where it is assigned: a consumer may move it. */
function saysWhere(document: KubeObject): boolean {
  const { status, message = "" } = conditionOf(document, "Scheduled") ?? {};
  const text = assignedTo(document["spec"].serviceRuntimeName);
  return status === "True" && (message === text || message.startsWith(`${text} `));
}

/** Whether it is on us to say why it is not Ready: its servicelet does, once it knows of it. */
function isSummaryOurs(document: KubeObject, status: "True" | "False"): boolean {
  const scheduled = conditionOf(document, "Scheduled");
  const ready = conditionOf(document, "Ready");
  // Who had it moved to nowhere hears it from nobody else; where it was moved to another runtime, that one reports.
  if (scheduled?.status === "True") return status === "False" && !saysWhere(document);
  return scheduled ? ready?.reason === scheduled.reason : ready === undefined;
}

function assignedTo(runtime: string): string {
  return `Assigned to ${runtime}`;
}

function readOrder(document: KubeObject, runtimeType: string): Order | Error {
  try {
    return orderOf(document, runtimeType);
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
}

/** Assignment and finalizer in one write: there is no moment at which a servicelet acts without being waited for. */
function assign(current: KubeObject, runtime: string): KubeObject {
  // Meanwhile the consumer chose, or changed his mind.
  if (current["spec"]?.serviceRuntimeName || current.metadata.deletionTimestamp) return current;
  current["spec"] = { ...current["spec"], serviceRuntimeName: runtime };
  return withFinalizer(current);
}

function withFinalizer(current: KubeObject): KubeObject {
  const { finalizers = [], deletionTimestamp } = current.metadata;
  if (deletionTimestamp || finalizers.includes(TEARDOWN_FINALIZER)) return current;
  current.metadata.finalizers = [...finalizers, TEARDOWN_FINALIZER];
  return current;
}
