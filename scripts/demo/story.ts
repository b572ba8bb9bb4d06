/** What the demo shows, in order.
 *
 * @module
 */
import {
  type LocalControlPlane,
  type LocalSite,
  type Order,
  readExample,
  startControlPlane,
  startSite,
} from "@servicelet/scripts/local";
import { conditionOf, documentPath, type KubeObject } from "@servicelet/shared/krm";
import { type Consumer, createConsumer, narrateUntilReady } from "./consumer.ts";
import { freePort } from "../local/free_port.ts";
import type { Timeline } from "./timeline.ts";

/** What is there while the story goes on. */
export interface Stage {
  readonly controlPlane: LocalControlPlane;
  readonly sites: readonly LocalSite[];
  readonly consumer: Consumer;
  readonly timeline: Timeline;
}

/** An order, and the process that serves it. */
export interface Served {
  readonly order: Order;
  readonly url: string;
  readonly site: LocalSite;
  readonly pid: number;
}

/** Starts the control plane and two sites, and waits until both are Ready. Everything is added to `stack` as it starts. */
export async function setTheStage(
  timeline: Timeline,
  directory: string,
  stack: AsyncDisposableStack,
): Promise<Stage> {
  timeline.chapter("A provider's control plane and two sites");
  const controlPlane = stack.use(await startControlPlane({ directory }));
  timeline.event("control", `plane ready at ${controlPlane.server}, its documents in Deno KV`);
  const sites: LocalSite[] = [];
  for (const [name, region] of [["site-a", "eu"], ["site-b", "us"]] as const) {
    sites.push(stack.use(await startSite({ controlPlane, name, region, directory })));
    timeline.event(name, `servicelet started (region ${region}, outbound connections only)`);
  }
  await Promise.all(sites.map(async ({ name }) => {
    const runtime = await siteReady(controlPlane, name);
    const types = runtime["status"].runtimes.filter((r: { available: boolean }) => r.available)
      .map((r: { type: string }) => r.type);
    timeline.event(name, `service runtime Ready: offers ${types.join(", ")}`);
  }));
  return {
    controlPlane,
    sites,
    consumer: await createConsumer(controlPlane, `${directory}/orders`),
    timeline,
  };
}

/** Orders an example, tells what happens until it is Ready, and calls it. */
export async function orderAndCall(stage: Stage, name: "hello" | "greeter"): Promise<Served> {
  const { consumer, timeline, sites } = stage;
  const document = onFreePort(await readExample(name));
  timeline.chapter(`A consumer orders a ${document.kind}, by ${consumer.by}`);
  const order = await consumer.order(document);
  timeline.event(name, "ordered");
  const ready = await narrateUntilReady(order, name, timeline);
  const site = sites.find((s) => s.name === ready["spec"].serviceRuntimeName);
  if (!site) {
    throw new Error(`${name} runs at ${ready["spec"].serviceRuntimeName}, which is none of our sites`);
  }
  const url = `http://127.0.0.1:${ready["spec"].ports[0].port}/`;
  const served = { order, url, site, pid: ready["status"].process.pid };
  await call(served, name, timeline);
  return served;
}

/** Kills the process and shows it healed. */
export async function killTheProcess(stage: Stage, name: string, served: Served): Promise<Served> {
  const { timeline } = stage;
  timeline.chapter(`The process of ${name} is killed`);
  Deno.kill(served.pid, "SIGKILL");
  timeline.event(name, `kill -9 ${served.pid}`);
  const healed = await served.order.until((document) =>
    document["status"].process?.pid !== undefined && document["status"].process.pid !== served.pid &&
    conditionOf(document, "Ready")?.status === "True"
  );
  const pid = healed["status"].process.pid;
  timeline.event(
    name,
    `healed: Ready again as process ${pid}, restarts ${healed["status"].process.restarts}`,
  );
  const now = { ...served, pid };
  await call(now, name, timeline);
  return now;
}

/** Kills the servicelet and shows what it ran untouched, and adopted by the next. */
export async function killTheServicelet(stage: Stage, name: string, served: Served): Promise<void> {
  const { controlPlane, timeline } = stage;
  const { site } = served;
  timeline.chapter(`The servicelet of ${site.name} is killed`);
  const before = site.workloads();
  await site.stop("SIGKILL");
  timeline.event(site.name, "kill -9 of the servicelet");
  await call(served, name, timeline);
  const since = new Date();
  await site.start();
  timeline.event(site.name, "servicelet started again");
  await renewedItsLease(controlPlane, site.name, since);
  timeline.event(site.name, "lease renewed: the new servicelet is in charge");
  const adopted = await served.order.ready();
  const same = adopted["status"].process.pid === served.pid && String(site.workloads()) === String(before);
  if (!same) {
    throw new Error(`${name} was not adopted: process ${served.pid} became ${adopted["status"].process.pid}`);
  }
  timeline.event(name, `adopted: still process ${served.pid}, Ready`);
}

/** Deletes the orders and shows that nothing runs for them any more. */
export async function deleteOrders(stage: Stage, served: ReadonlyMap<string, Served>): Promise<void> {
  const { timeline, sites } = stage;
  timeline.chapter("The consumer deletes the orders");
  await Promise.all([...served].map(async ([name, { order, pid }]) => {
    await order.delete();
    timeline.event(name, `document gone, process ${pid} gone`);
  }));
  const left = sites.flatMap((site) => site.workloads());
  if (left.length > 0) throw new Error(`Processes ${left.join(", ")} are left`);
  timeline.event("sites", "no process is left");
}

async function siteReady(controlPlane: LocalControlPlane, name: string): Promise<KubeObject> {
  const path = documentPath({ group: "servicelet.dev", version: "v1alpha1", plural: "serviceruntimes" });
  const events = controlPlane.client.watch({
    path,
    fieldSelector: `metadata.name=${name}`,
    initialEvents: true,
    signal: AbortSignal.timeout(60_000),
  });
  for await (const { type, object } of events) {
    if (type !== "BOOKMARK" && conditionOf(object, "Ready")?.status === "True") return object;
  }
  throw new Error(`${name} did not become Ready`);
}

/** Only the servicelet that runs now can have renewed the lease after it was started. */
async function renewedItsLease(controlPlane: LocalControlPlane, name: string, since: Date): Promise<void> {
  const events = controlPlane.client.watch({
    path: documentPath({
      group: "coordination.k8s.io",
      version: "v1",
      plural: "leases",
      namespace: "servicelet-system",
    }),
    fieldSelector: `metadata.name=${name}`,
    initialEvents: true,
    signal: AbortSignal.timeout(60_000),
  });
  for await (const { type, object } of events) {
    if (type !== "BOOKMARK" && new Date(object["spec"].renewTime) >= since) return;
  }
  throw new Error(`The lease of ${name} was not renewed`);
}

async function call({ url }: Served, name: string, timeline: Timeline): Promise<void> {
  const response = await fetch(url);
  timeline.event(name, `GET ${url} answers ${response.status}: ${(await response.text()).trim()}`);
}

function onFreePort(document: KubeObject): KubeObject {
  const port = freePort();
  const { ports: [first], readinessProbe } = document["spec"];
  first.port = port;
  readinessProbe.httpGet.port = port;
  return document;
}
