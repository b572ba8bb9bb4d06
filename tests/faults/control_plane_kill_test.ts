import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { Unreachable } from "@servicelet/shared/client";
import { type KubeObject, StatusError } from "@servicelet/shared/krm";
import { temporaryDirectory } from "@servicelet/shared/testing";
import { type LocalControlPlane, startControlPlane } from "@servicelet/scripts/local";

const ROUNDS = 20;
const WRITERS = 8;
const ACKNOWLEDGED_BEFORE_KILL = 60;
const COLLECTION = "/api/v1/namespaces/default/configmaps";

describe(`a control plane that is killed ${ROUNDS} times while ${WRITERS} clients write and one watches`, () => {
  it("loses no acknowledged write, and the watcher that resumes sees each change exactly once", async () => {
    await using directory = await temporaryDirectory();
    await using controlPlane = await startControlPlane({ directory: directory.path });
    const start = await controlPlane.client.list(COLLECTION);
    const stop = new AbortController();
    const acknowledged = new Map<string, string>();
    let enough = Promise.withResolvers<void>();

    const written = Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
      for (let i = 0; !stop.signal.aborted; i++) {
        const name = `w${writer}-${i}`;
        const revision = await createOrFail(controlPlane, name);
        // No answer says nothing about the write: only what was acknowledged is owed.
        if (revision === undefined) continue;
        acknowledged.set(name, revision);
        if (acknowledged.size % ACKNOWLEDGED_BEFORE_KILL === 0) enough.resolve();
      }
    }));
    const seen: { name: string; revision: number; type: string }[] = [];
    const watching = new AbortController();
    const caughtUp = Promise.withResolvers<void>();
    let last = Number(start.metadata.resourceVersion);
    let wanted = Infinity;
    const watched = (async () => {
      while (!watching.signal.aborted) {
        try {
          const events = controlPlane.client.watch({
            path: COLLECTION,
            resourceVersion: String(last),
            signal: watching.signal,
          });
          for await (const { type, object } of events) {
            last = Number(object.metadata.resourceVersion);
            if (type !== "BOOKMARK") seen.push({ name: object.metadata.name, revision: last, type });
            if (last >= wanted) caughtUp.resolve();
          }
        } catch (error) {
          if (error instanceof StatusError) caughtUp.reject(error);
          if (!watching.signal.aborted && !(error instanceof Unreachable)) throw error;
          await pause();
        }
      }
    })();

    for (let round = 0; round < ROUNDS; round++) {
      await enough.promise;
      enough = Promise.withResolvers();
      await controlPlane.stop("SIGKILL");
      await controlPlane.start();
    }
    stop.abort();
    await written;
    const end = await controlPlane.client.list(COLLECTION);
    wanted = Math.max(...end.items.map((item) => Number(item.metadata.resourceVersion)));
    if (last >= wanted) caughtUp.resolve();
    await caughtUp.promise;
    watching.abort();
    await watched;

    const stored = new Map(end.items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
    for (const [name, revision] of acknowledged) {
      equal(stored.get(name), revision, `${name} was acknowledged`);
    }
    ok(acknowledged.size >= ROUNDS * ACKNOWLEDGED_BEFORE_KILL / 2);
    deepEqual(
      seen.map(({ revision }) => revision),
      seen.map(({ revision }) => revision).toSorted((a, b) => a - b),
    );
    deepEqual(
      seen.filter(({ name }) => name.startsWith("w")).map(({ name, revision }) => `${name}@${revision}`)
        .sort(),
      end.items.filter(({ metadata }) => metadata.name.startsWith("w"))
        .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).sort(),
    );
  });
});

async function createOrFail(controlPlane: LocalControlPlane, name: string): Promise<string | undefined> {
  try {
    const created = await controlPlane.client.create<KubeObject>(COLLECTION, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name },
      data: { text: "x".repeat(1_000) },
    });
    return created.metadata.resourceVersion;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    await pause();
    return undefined;
  }
}

/** The server is away: nothing tells a client when it is back, so it asks again. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
