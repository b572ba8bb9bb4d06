import type { KubeClient } from "@servicelet/shared/client";
import { conditionOf, documentPath, type KubeObject } from "@servicelet/shared/krm";
import { parse } from "yaml";

const EXAMPLES = new URL("../../examples/", import.meta.url).pathname;

/** An example's document, with its placeholder path made that of this checkout. */
export async function readExample(name: "hello" | "greeter"): Promise<KubeObject> {
  const text = await Deno.readTextFile(`${EXAMPLES}${name}.yaml`);
  return parse(text.replaceAll("/path/to/examples/", EXAMPLES)) as KubeObject;
}

/** Collection of a capability's kind in a namespace. */
export function collectionOf(document: KubeObject): string {
  const [group = "", version = ""] = document.apiVersion.split("/");
  return documentPath({
    group,
    version,
    plural: `${document.kind.toLowerCase()}s`,
    namespace: document.metadata.namespace ?? "default",
  });
}

/** A capability as ordered: what its consumer can see and do. */
export interface Order {
  readonly path: string;
  /** The document as it is now. */
  get(): Promise<KubeObject>;
  /** The first state from now on that satisfies `test`; follows the watch.
   *
   * @throws the signal's reason, or after 60 seconds */
  until(test: (document: KubeObject) => boolean, signal?: AbortSignal): Promise<KubeObject>;
  /** The first state from now on that is Ready. */
  ready(): Promise<KubeObject>;
  /** Deletes it, and resolves when the document is gone. */
  delete(): Promise<void>;
}

/** Creates the document. */
export async function placeOrder(client: KubeClient, document: KubeObject): Promise<Order> {
  const collection = collectionOf(document);
  await client.create(collection, document);
  return orderOf(client, document);
}

/** An order that was placed by whatever means. */
export function orderOf(client: KubeClient, document: KubeObject): Order {
  const { name } = document.metadata;
  const collection = collectionOf(document);
  const path = `${collection}/${name}`;

  async function follow(
    from: { initialEvents: true } | { resourceVersion: string },
    test: (type: string, document: KubeObject) => boolean,
    signal?: AbortSignal,
  ): Promise<KubeObject> {
    const limit = AbortSignal.timeout(60_000);
    let last: KubeObject | undefined;
    try {
      const events = client.watch({
        path: collection,
        fieldSelector: `metadata.name=${name}`,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...from,
      });
      for await (const { type, object } of events) {
        if (type !== "BOOKMARK") last = object;
        if (test(type, object)) return object;
      }
    } catch (cause) {
      if (!limit.aborted) throw cause;
      const status = JSON.stringify(last?.["status"]);
      throw new Error(`${path} did not become what was waited for; its status: ${status}`, { cause });
    }
    throw new Error(`The watch of ${path} ended`);
  }

  const until: Order["until"] = (test, signal) =>
    follow(
      { initialEvents: true },
      (type, document) => (type === "ADDED" || type === "MODIFIED") && test(document),
      signal,
    );
  return {
    path,
    get: () => client.get(path),
    until,
    ready: () => until((current) => conditionOf(current, "Ready")?.status === "True"),
    async delete() {
      const left = await client.delete(path);
      // Without finalizers it is gone with the answer, which then is a Status.
      const resourceVersion = left.kind === "Status" ? undefined : left.metadata.resourceVersion;
      if (resourceVersion !== undefined) await follow({ resourceVersion }, (type) => type === "DELETED");
    },
  };
}
