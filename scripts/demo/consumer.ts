/** The consumer's side of the demo: kubectl where there is one, the API where not.
 *
 * @module
 */
import { type LocalControlPlane, type Order, orderOf, placeOrder } from "@servicelet/scripts/local";
import { conditionOf, type KubeObject } from "@servicelet/shared/krm";
import { stringify } from "yaml";
import type { Timeline } from "./timeline.ts";

/** Who orders. */
export interface Consumer {
  /** How the orders are made, for the timeline. */
  readonly by: string;
  /** Orders a capability. */
  order(document: KubeObject): Promise<Order>;
}

/** A consumer with kubectl if it is installed; orders are written as YAML files into `directory` either way. */
export async function createConsumer(controlPlane: LocalControlPlane, directory: string): Promise<Consumer> {
  const kubectl = await findKubectl();
  await Deno.mkdir(directory, { recursive: true });
  return {
    by: kubectl ? "kubectl" : "the API (no kubectl on this machine)",
    async order(document) {
      const file = `${directory}/${document.metadata.name}.yaml`;
      await Deno.writeTextFile(file, stringify(document));
      if (!kubectl) return await placeOrder(controlPlane.client, document);
      await kubectl(["--kubeconfig", controlPlane.kubeconfig, "apply", "-f", file]);
      return orderOf(controlPlane.client, document);
    },
  };
}

/** Tells each step of an order as the document shows it, until it is Ready. */
export async function narrateUntilReady(
  order: Order,
  subject: string,
  timeline: Timeline,
): Promise<KubeObject> {
  const told = new Set<string>();
  function tell(what: string): void {
    if (told.has(what)) return;
    told.add(what);
    timeline.event(subject, what);
  }
  return await order.until((document) => {
    const { spec, status } = document;
    const problem = status?.conditions?.find((c: { status: string; type: string }) =>
      c.status === "False" && c.type !== "Ready"
    );
    if (spec.serviceRuntimeName) tell(`scheduled to ${spec.serviceRuntimeName}`);
    if (problem) tell(`${problem.type}=False: ${problem.message}`);
    if (conditionOf(document, "Started")?.status === "True") tell(`started, process ${status.process.pid}`);
    const ready = conditionOf(document, "Ready")?.status === "True";
    if (ready) tell("Ready");
    return ready;
  });
}

type Run = (args: string[]) => Promise<void>;

async function findKubectl(): Promise<Run | undefined> {
  try {
    const { stdout } = await new Deno.Command("kubectl", {
      args: ["version", "--client", "-o", "json"],
      stderr: "null",
    })
      .output();
    const { clientVersion } = JSON.parse(new TextDecoder().decode(stdout));
    // Before 1.27 kubectl validates on its own side, from a schema in protobuf that this server does not serve.
    const more = Number.parseInt(clientVersion.minor) < 27 ? ["--validate=false"] : [];
    return (args) => run("kubectl", [...args, ...more]);
  } catch {
    return undefined;
  }
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, stdout: "null", stderr: "piped" })
    .output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
}
