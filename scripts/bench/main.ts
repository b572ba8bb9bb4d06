/** Measures the control plane and the servicelet as real processes on loopback, over HTTPS, durable.
 *
 * @module
 */
import { startControlPlane } from "@servicelet/scripts/local";
import type { Target } from "./connection.ts";
import { describeMachine } from "./machine.ts";
import type { Figure } from "./measure.ts";
import { lists } from "./rows/lists.ts";
import { orders } from "./rows/orders.ts";
import { servicelet } from "./rows/servicelet.ts";
import { start } from "./rows/start.ts";
import { selectiveWatches, watchesOverHttp1, watchesOverHttp2 } from "./rows/watches.ts";
import { writes } from "./rows/writes.ts";
import { controlPlaneBundle, makeBundles } from "./shipped.ts";
import { defineSubject, targetOf } from "./subject.ts";
import { toTable } from "./table.ts";

const GROUPS: Record<string, (directory: string) => AsyncGenerator<Figure>> = {
  start,
  writes: onControlPlane(writes),
  lists: onControlPlane(lists),
  "watches-http2": onControlPlane(watchesOverHttp2),
  "watches-http1": onControlPlane(watchesOverHttp1),
  "watches-selective": onControlPlane(selectiveWatches),
  async *servicelet(directory) {
    await using controlPlane = await startControlPlane({ directory, program: controlPlaneBundle });
    yield* servicelet(controlPlane, directory);
  },
  async *orders(directory) {
    await using controlPlane = await startControlPlane({ directory, program: controlPlaneBundle });
    yield* orders(controlPlane, directory, { java: await hasJava() });
  },
};

const HELP = `Usage: deno task bench [--json FILE] [GROUP…]

Prints a table of figures as Markdown, and writes them with every sample as JSON to FILE (default dist/bench.json).
Groups: ${Object.keys(GROUPS).join(", ")}. Default: all of them, some three minutes.
`;

const args = [...Deno.args];
if (args.includes("--help")) {
  console.log(HELP);
  Deno.exit(0);
}
const flag = args.indexOf("--json");
const [, file = "dist/bench.json"] = flag < 0 ? [] : args.splice(flag, 2);
const unknown = args.find((arg) => !(arg in GROUPS));
if (unknown !== undefined) {
  console.error(`Unknown argument ${unknown}\n\n${HELP}`);
  Deno.exit(2);
}

const bundles = await Deno.makeTempDir({ prefix: "servicelet-bench-bundles-" });
await makeBundles(bundles);
const figures: Figure[] = [];
let machine = "";
for (const [name, measure] of Object.entries(GROUPS)) {
  if (args.length > 0 && !args.includes(name)) continue;
  console.error(`measuring ${name} …`);
  const directory = await Deno.makeTempDir({ prefix: `servicelet-bench-${name}-` });
  try {
    machine ||= await describeMachine(directory);
    for await (const figure of measure(directory)) figures.push(figure);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

await Deno.remove(bundles, { recursive: true });
await Deno.mkdir("dist", { recursive: true });
await Deno.writeTextFile(file, JSON.stringify({ machine, figures }, null, 2) + "\n");
console.log(`${machine}\n\n${toTable(figures)}`);
Deno.exit(0);

/** Each group gets a control plane of its own: streams that Deno's client has not let go would go on taking events. */
function onControlPlane(
  measure: (target: Target, pid: number) => AsyncGenerator<Figure>,
): (directory: string) => AsyncGenerator<Figure> {
  return async function* (directory) {
    await using controlPlane = await startControlPlane({ directory, program: controlPlaneBundle });
    await defineSubject(controlPlane.client);
    yield* measure(await targetOf(controlPlane), controlPlane.pid);
  };
}

async function hasJava(): Promise<boolean> {
  return await new Deno.Command("java", { args: ["-version"], stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}
