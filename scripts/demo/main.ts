/** Shows the whole pattern on this machine: a control plane, two sites, orders, failures, and nothing left behind.
 *
 * @module
 */
import { ensureJava } from "./java.ts";
import {
  deleteOrders,
  killTheProcess,
  killTheServicelet,
  orderAndCall,
  type Served,
  setTheStage,
  type Stage,
} from "./story.ts";
import { createTimeline } from "./timeline.ts";

const HELP = `Usage: deno task demo [--keep] [--no-setup]

Starts a control plane on a temporary Deno KV and two servicelets that act as two sites, orders a process and a Java program,
breaks things and shows them healed, and removes every trace.

  --keep       Leaves it running at the end and prints commands to play with, until Ctrl-C.
  --no-setup   Installs nothing: without Java only the process is shown.
  --help       This text.
`;

const known = ["--keep", "--no-setup", "--help"];
const unknown = Deno.args.find((arg) => !known.includes(arg));
if (unknown !== undefined) {
  console.error(`Unknown flag ${unknown}: known are ${known.join(", ")}`);
  Deno.exit(2);
}
if (Deno.args.includes("--help")) {
  console.log(HELP);
  Deno.exit(0);
}

const timeline = createTimeline();
const java = await ensureJava(timeline, { setup: !Deno.args.includes("--no-setup") });
const directory = await Deno.makeTempDir({ prefix: "servicelet-demo-" });
try {
  await using stack = new AsyncDisposableStack();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stack.disposeAsync().then(() => removeAndExit(130)));
  }
  const stage = await setTheStage(timeline, directory, stack);
  const served = new Map<string, Served>();
  served.set("hello", await orderAndCall(stage, "hello"));
  if (java) served.set("greeter", await orderAndCall(stage, "greeter"));

  const hero = java ? "greeter" : "hello";
  const before = served.get(hero);
  if (!before) throw new Error(`${hero} was not ordered`);
  const healed = await killTheProcess(stage, hero, before);
  served.set(hero, healed);
  await killTheServicelet(stage, hero, healed);
  if (Deno.args.includes("--keep")) await keep(stage, served);
  await deleteOrders(stage, served);
} finally {
  await Deno.remove(directory, { recursive: true });
}
timeline.note("\nNothing is left behind.");
Deno.exit(0);

async function keep({ controlPlane }: Stage, served: ReadonlyMap<string, Served>): Promise<never> {
  const kubectl = `kubectl --kubeconfig ${controlPlane.kubeconfig}`;
  timeline.chapter("It goes on running. Play with it:");
  console.log(`  ${kubectl} get serviceruntimes,processapplications,javaapplications
  ${kubectl} describe processapplication hello
  ${kubectl} explain javaapplication.spec
  ${kubectl} get processapplications --watch
  ${kubectl} apply -f ${directory}/orders/hello.yaml
  ${[...served.values()].map(({ url }) => `curl ${url}`).join("\n  ")}
  curl --cacert ${controlPlane.caFile} ${controlPlane.server}/version

Ctrl-C ends it and removes every trace.`);
  return await new Promise<never>(() => {});
}

async function removeAndExit(code: number): Promise<never> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  Deno.exit(code);
}
