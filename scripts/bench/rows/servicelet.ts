import { serviceletBundle } from "../shipped.ts";
import { type LocalControlPlane, placeOrder, readExample, startSite } from "@servicelet/scripts/local";
import { conditionOf, documentPath } from "@servicelet/shared/krm";
import { freePort } from "../../local/free_port.ts";
import { cpuOf, type Figure, memoryOf, rest } from "../measure.ts";
import { firstAnswer, onPort } from "./orders.ts";

const ROUNDS = 7;
const IDLE_MS = 20_000;

/** The servicelet itself: start to first request, reboot without a control plane, memory and CPU at rest. */
export async function* servicelet(
  controlPlane: LocalControlPlane,
  directory: string,
): AsyncGenerator<Figure> {
  yield await firstRequest(controlPlane, directory);

  await using site = await startSite({
    program: serviceletBundle,
    controlPlane,
    name: "bench-idle",
    directory,
  });
  await runtimeReady(controlPlane, site.name);
  await rest(3_000);
  const empty = await memoryOf(site.pid);
  yield {
    what: "servicelet: memory idle, 0 capabilities (PSS)",
    unit: "MB",
    samples: [empty.pss],
    goal: { value: 40 },
  };
  yield { what: "… of it anonymous", unit: "MB", samples: [empty.anonymous], goal: { value: 18 } };

  const orders = [];
  for (let i = 0; i < 10; i++) {
    const document = onPort(await readExample("hello"), freePort());
    document.metadata.name = `idle-${i}`;
    document["spec"].serviceRuntimeName = site.name;
    const order = await placeOrder(controlPlane.client, document);
    await order.ready();
    orders.push(order);
  }
  await rest(5_000);
  const cpu = await cpuOf(site.pid);
  await rest(IDLE_MS);
  const used = (await cpuOf(site.pid) - cpu) / IDLE_MS * 100;
  const busy = await memoryOf(site.pid);
  yield {
    what: "servicelet: memory idle, 10 capabilities (PSS)",
    unit: "MB",
    samples: [busy.pss],
    goal: { value: 45 },
  };
  yield { what: "… of it anonymous", unit: "MB", samples: [busy.anonymous] };
  yield {
    what: "servicelet: CPU idle, 10 capabilities",
    unit: "% of a core",
    samples: [used],
    goal: { value: 0.2 },
  };

  yield await reboot(controlPlane, directory);
  for (const order of orders) await order.delete();
}

/** From the start of the process to its first request, at a server that only takes the time. */
async function firstRequest(controlPlane: LocalControlPlane, directory: string): Promise<Figure> {
  const pki = `${directory}/data/pki`;
  let arrived = Promise.withResolvers<number>();
  await using server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert: await Deno.readTextFile(`${pki}/server.crt`),
    key: await Deno.readTextFile(`${pki}/server.key`),
    onListen() {},
  }, () => {
    arrived.resolve(performance.now());
    return new Response("busy", { status: 503 });
  });
  const site = await startSite({
    program: serviceletBundle,
    controlPlane,
    name: "bench-start",
    directory,
    server: `https://127.0.0.1:${server.addr.port}`,
  });
  await using _site = site;
  await arrived.promise;
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await site.stop("SIGKILL");
    arrived = Promise.withResolvers();
    const began = performance.now();
    await site.start();
    samples.push(await arrived.promise - began);
  }
  return { what: "servicelet: start to first request", unit: "ms", samples, goal: { value: 40 } };
}

/** Power cut, and the control plane is away: from the start of the servicelet to the first answer of what it ran. Each round on a site of its
 * own: the boot id stays the same here, so a second cut would count as a second crash and wait. */
async function reboot(controlPlane: LocalControlPlane, directory: string): Promise<Figure> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await using site = await startSite({
      program: serviceletBundle,
      controlPlane,
      name: `bench-reboot-${round}`,
      directory,
    });
    const port = freePort();
    const document = onPort(await readExample("hello"), port);
    document.metadata.name = `reboot-${round}`;
    document["spec"].serviceRuntimeName = site.name;
    const order = await placeOrder(controlPlane.client, document);
    await order.ready();
    await controlPlane.stop();
    await site.cutPower();
    const began = performance.now();
    await site.start();
    await firstAnswer(port);
    samples.push(performance.now() - began);
    await controlPlane.start();
    await order.delete();
  }
  return { what: "reboot without the control plane: first answer of a process", unit: "ms", samples };
}

async function runtimeReady(controlPlane: LocalControlPlane, name: string): Promise<void> {
  const path = documentPath({ group: "servicelet.dev", version: "v1alpha1", plural: "serviceruntimes" });
  const events = controlPlane.client.watch({
    path,
    fieldSelector: `metadata.name=${name}`,
    initialEvents: true,
  });
  for await (const { type, object } of events) {
    if (type !== "BOOKMARK" && conditionOf(object, "Ready")?.status === "True") return;
  }
}
