import { deepEqual, equal } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { seededRandom, temporaryDirectory } from "@servicelet/shared/testing";
import { placeOrder, readExample, startControlPlane, startSite } from "@servicelet/scripts/local";
import { hasJava } from "../machine.ts";

const ROUNDS = 20;
const LONGEST_LIFE_MS = 400;

describe(`a servicelet that is killed ${ROUNDS} times at random moments while a process and a JVM run`, () => {
  it(
    "finds both again: the same pids throughout, exactly one each, Ready (needs java)",
    { ignore: !hasJava },
    async () => {
      await using directory = await temporaryDirectory();
      await using controlPlane = await startControlPlane({ directory: directory.path });
      await using site = await startSite({ controlPlane, name: "site-1", directory: directory.path });
      const process = await placeOrder(controlPlane.client, onPort(await readExample("hello"), 18_081));
      const jvm = await placeOrder(controlPlane.client, onPort(await readExample("greeter"), 18_082));
      const pids = [pidOf(await process.ready()), pidOf(await jvm.ready())];
      const workloads = site.workloads().sort();

      const random = seededRandom(20);
      for (let round = 0; round < ROUNDS; round++) {
        // The moment of death is the subject: anywhere between before the first file is read and long after all is quiet.
        await new Promise((resolve) => setTimeout(resolve, random.next() * LONGEST_LIFE_MS));
        await site.stop("SIGKILL");
        deepEqual(site.workloads().sort(), workloads, `after kill ${round + 1}`);
        await site.start();
      }

      deepEqual([pidOf(await process.ready()), pidOf(await jvm.ready())], pids);
      deepEqual(site.workloads().sort(), workloads);
      equal((await process.get())["status"].process.restarts ?? 0, 0);
      await process.delete();
      await jvm.delete();
      deepEqual(site.workloads(), []);
    },
  );
});

// deno-lint-ignore no-explicit-any -- a document of an open kind
function onPort(document: any, port: number) {
  document.spec.ports[0].port = port;
  document.spec.readinessProbe.httpGet.port = port;
  return document;
}

// deno-lint-ignore no-explicit-any -- a document of an open kind
function pidOf(document: any): number {
  return document.status.process.pid;
}
