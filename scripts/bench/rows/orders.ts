import { serviceletBundle } from "../shipped.ts";
import { type LocalControlPlane, placeOrder, readExample, startSite } from "@servicelet/scripts/local";
import { conditionOf, type KubeObject } from "@servicelet/shared/krm";
import { freePort } from "../../local/free_port.ts";
import type { Figure } from "../measure.ts";

const ROUNDS = 7;
const JAR = new URL("../../../examples/greeter/greeter.jar", import.meta.url).pathname;

/** From the order to the first good answer and to Ready, beside the bare start of the same program in the same run; then a crash. */
export async function* orders(
  controlPlane: LocalControlPlane,
  directory: string,
  { java }: { java: boolean },
): AsyncGenerator<Figure> {
  await using site = await startSite({
    program: serviceletBundle,
    controlPlane,
    name: "bench-orders",
    directory,
  });
  for (const name of java ? ["hello", "greeter"] as const : ["hello"] as const) {
    const bare: number[] = [];
    const answered: number[] = [];
    const beyond: number[] = [];
    const ready: number[] = [];
    const crashed: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const port = freePort();
      const document = onPort(await readExample(name), port);
      document.metadata.name = `${name}-${round}`;
      document["spec"].serviceRuntimeName = site.name;
      const bareMs = await bareStart(document, freePort());

      const began = performance.now();
      const answer = firstAnswer(port).then(() => performance.now() - began);
      const order = await placeOrder(controlPlane.client, document);
      const [answerMs, readyMs, pid] = await Promise.all([
        answer,
        order.ready().then(() => performance.now() - began),
        order.ready().then((current) => current["status"].process.pid as number),
      ]);

      const killed = performance.now();
      Deno.kill(pid, "SIGKILL");
      await order.until((current) =>
        conditionOf(current, "Ready")?.status === "False" || current["status"].process.pid !== pid
      );
      await firstAnswer(port);
      const crashMs = performance.now() - killed;
      await order.delete();
      // The first round warms up: caches of files, compiled code, kept connections.
      if (round === 0) continue;
      bare.push(bareMs);
      answered.push(answerMs);
      beyond.push(answerMs - bareMs);
      ready.push(readyMs - answerMs);
      crashed.push(crashMs - bareMs);
    }
    const what = name === "greeter" ? "JVM" : "process";
    yield { what: `${what}: bare start to first answer`, unit: "ms", samples: bare };
    yield { what: `${what}: order to first answer`, unit: "ms", samples: answered };
    yield { what: `… beyond its bare start`, unit: "ms", samples: beyond, goal: { value: 30 } };
    yield {
      what: `${what}: first answer to Ready in the document`,
      unit: "ms",
      samples: ready,
      goal: { value: 30 },
    };
    yield {
      what: `${what}: kill -9 to first answer, beyond its bare start`,
      unit: "ms",
      samples: crashed,
      goal: { value: 50 },
    };
  }
}

/** The document with its first port and probe on `port`. */
export function onPort(document: KubeObject, port: number): KubeObject {
  const { ports: [first], readinessProbe } = document["spec"];
  first.port = port;
  readinessProbe.httpGet.port = port;
  return document;
}

/** Asks each millisecond by a fresh connection until something answers 200. */
export async function firstAnswer(port: number): Promise<void> {
  const request = new TextEncoder().encode("GET / HTTP/1.0\r\n\r\n");
  const chunk = new Uint8Array(256);
  for (;;) {
    try {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port });
      await connection.write(request);
      const read = await connection.read(chunk);
      if (read !== null && new TextDecoder().decode(chunk.subarray(0, read)).includes(" 200 ")) return;
    } catch {
      // Nobody listens yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function bareStart({ kind, spec }: KubeObject, port: number): Promise<number> {
  const argv: string[] = kind === "JavaApplication"
    ? ["java", "-Xmx64m", ...spec.jvmFlags, "-jar", JAR]
    : [...spec.command, ...spec.args];
  const [command = "", ...args] = argv;
  const began = performance.now();
  const child = new Deno.Command(command, {
    args,
    env: { PORT_HTTP: String(port), GREETING: "Hello" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await firstAnswer(port);
  const ms = performance.now() - began;
  child.kill("SIGKILL");
  await child.status;
  return ms;
}
