import { type MockCall, mockDriver, mockMachine } from "@servicelet/runtimes/mock";
import { createClient } from "@servicelet/shared/client";
import { TEARDOWN_FINALIZER } from "@servicelet/shared/kinds";
import { conditionOf, type KubeObject } from "@servicelet/shared/krm";
import { silentLog } from "@servicelet/shared/ports";
import { fakeClock, seededRandom } from "@servicelet/shared/testing";
import { startServicelet } from "../agent.ts";
import { memoryFiles } from "./memory_files.ts";
import { StubControlPlane } from "./stub_control_plane.ts";

const RUNTIME = "site-1";
const PATH = "/apis/runtimes.servicelet.dev/v1alpha1/namespaces/default/processapplications";

/** A machine with a servicelet, and a control plane that a test can take away. Time stands still unless a story lets it pass. */
export class StorySite implements AsyncDisposable {
  readonly clock = fakeClock();
  readonly random = seededRandom(7);
  readonly files = memoryFiles();
  readonly machine = mockMachine();
  readonly controlPlane = new StubControlPlane();
  /** May hold or fail a driver's call. */
  before: (call: MockCall) => void | Promise<void> = () => {};
  driver = this.#driver();
  #servicelet: AsyncDisposable | undefined;

  #driver() {
    const { clock, random, machine } = this;
    return mockDriver({ clock, random, machine, before: (call) => this.before(call) });
  }

  async start(): Promise<void> {
    const { clock, random, files, machine } = this;
    this.driver = this.#driver();
    this.#servicelet = await startServicelet({
      name: RUNTIME,
      region: "eu",
      labels: { tier: "edge" },
      client: createClient({
        server: "http://stub",
        transport: this.controlPlane.transport,
        clock,
        random,
      }),
      drivers: new Map([[this.driver.kind, this.driver]]),
      files,
      machine: {
        bootId: machine.bootId,
        arch: "amd64",
        os: "linux",
        cpu: 2,
        memory: 1024 ** 3,
        address: "10.0.0.7",
      },
      clock,
      random,
      log: silentLog,
    });
  }

  /** Ends the servicelet; what it started runs on. */
  async stop(): Promise<void> {
    const servicelet = this.#servicelet;
    this.#servicelet = undefined;
    await servicelet?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.controlPlane.cut();
  }

  /** Orders a process, or changes the order. */
  order(name: string, spec: Record<string, unknown> = {}): KubeObject {
    const old = this.controlPlane.documents.get(`${PATH}/${name}`);
    return this.controlPlane.put(`${PATH}/${name}`, {
      apiVersion: "runtimes.servicelet.dev/v1alpha1",
      kind: "ProcessApplication",
      metadata: {
        name,
        namespace: "default",
        uid: old?.metadata.uid ?? `uid-${name}-${this.controlPlane.revision}`,
        generation: (old?.metadata.generation ?? 0) + 1,
        finalizers: [TEARDOWN_FINALIZER],
      },
      spec: { serviceRuntimeName: RUNTIME, command: ["sleep"], restartPolicy: "Always", ...spec },
      ...(old?.["status"] ? { status: old["status"] } : {}),
    });
  }

  /** Deletes an order as a consumer does: the finalizer holds it. */
  delete(name: string): void {
    const document = this.document(name);
    this.controlPlane.put(`${PATH}/${name}`, {
      ...document,
      metadata: { ...document.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
    });
  }

  /** Removes a document although nobody said that it may go. */
  lose(name: string): void {
    this.controlPlane.documents.delete(`${PATH}/${name}`);
  }

  exists(name: string): boolean {
    return this.controlPlane.documents.has(`${PATH}/${name}`);
  }

  document(name: string): KubeObject {
    const document = this.controlPlane.documents.get(`${PATH}/${name}`);
    if (!document) throw new Error(`${name} does not exist`);
    return document;
  }

  /** `status` of a condition with its reason, such as `True Started`. */
  condition(name: string, type: string): string | undefined {
    const condition = conditionOf(this.document(name), type);
    return condition && `${condition.status} ${condition.reason}`;
  }

  /** The document of this runtime. */
  runtime(): KubeObject {
    return this.controlPlane.documents.get(`/apis/servicelet.dev/v1alpha1/serviceruntimes/${RUNTIME}`)!;
  }

  /** Pid of what runs for an order. */
  pid(name: string): number | undefined {
    const run = this.machine.runs.get(idOf(name));
    return run && !run.exit ? run.handle.pid : undefined;
  }

  /** How often a method of the driver was called for an order since the servicelet started. */
  count(method: MockCall["method"], name: string): number {
    return this.driver.calls.filter((call) => call.method === method && call.id === idOf(name)).length;
  }

  crash(name: string, code = 1): void {
    this.driver.exit(idOf(name), code);
  }

  behave(name: string, behaviour: { exitsWith?: number; ignoresTerm?: boolean; unwell?: string }): void {
    this.machine.behaviours.set(idOf(name), behaviour);
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) await this.clock.advance(0);
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      await this.clock.advance(Math.min(left, 1_000));
      await this.settle();
    }
  }
}

function idOf(name: string): string {
  return `processapplications/default/${name}`;
}

/** A site whose servicelet runs. */
export async function startStory(): Promise<StorySite> {
  const site = new StorySite();
  await site.start();
  await site.settle();
  return site;
}
