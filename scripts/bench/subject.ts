/** The kind that the benchmarks write: custom, with a schema, documents of 2 KB.
 *
 * @module
 */
import type { KubeClient } from "@servicelet/shared/client";
import { documentPath } from "@servicelet/shared/krm";
import type { LocalControlPlane } from "@servicelet/scripts/local";
import { parse } from "yaml";
import { Connection, type Target } from "./connection.ts";

/** Collection of the benchmark's documents. */
export const COLLECTION: string = documentPath({
  group: "bench.example",
  version: "v1",
  plural: "widgets",
  namespace: "default",
});

const PADDING = "x".repeat(1_700);

/** Defines the kind. */
export async function defineSubject(client: KubeClient): Promise<void> {
  const text = { type: "string" };
  await client.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.bench.example" },
    spec: {
      group: "bench.example",
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["text"],
                properties: {
                  text,
                  replicas: { type: "integer", minimum: 0, default: 1 },
                  ports: {
                    type: "array",
                    items: { type: "object", properties: { name: text, port: { type: "integer" } } },
                  },
                },
              },
              status: { type: "object", properties: { phase: text, count: { type: "integer" } } },
            },
          },
        },
      }],
    },
  });
}

/** A document of 2,048 bytes. */
export function widget(name: string): string {
  const document = {
    apiVersion: "bench.example/v1",
    kind: "Widget",
    metadata: { name, labels: { app: "bench", id: name } },
    spec: { text: "", replicas: 3, ports: [{ name: "http", port: 8080 }, { name: "admin", port: 8081 }] },
  };
  const missing = 2_048 - JSON.stringify(document).length;
  document.spec.text = PADDING.padEnd(missing, "x").slice(0, missing);
  return JSON.stringify(document);
}

/** Whom the load generator speaks to. */
export async function targetOf(controlPlane: LocalControlPlane): Promise<Target> {
  const { hostname, port } = new URL(controlPlane.server);
  const { users: [{ user }] } = parse(await Deno.readTextFile(controlPlane.kubeconfig));
  return {
    hostname,
    port: Number(port),
    ca: await Deno.readTextFile(controlPlane.caFile),
    token: user.token,
  };
}

/** Writes `count` documents named `PREFIX-0`… with 64 writers. */
export async function fill(target: Target, prefix: string, count: number): Promise<void> {
  await withConnections(target, 64, async (connection, next) => {
    for (let i = next(); i < count; i = next()) {
      await connection.request("POST", COLLECTION, widget(`${prefix}-${i}`));
    }
  });
}

/** Runs `work` on `count` connections at once; they share a counter. */
export async function withConnections(
  target: Target,
  count: number,
  work: (connection: Connection, next: () => number) => Promise<void>,
): Promise<void> {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(target)));
  let counter = 0;
  try {
    await Promise.all(connections.map((connection) => work(connection, () => counter++)));
  } finally {
    for (const connection of connections) connection[Symbol.dispose]();
  }
}
