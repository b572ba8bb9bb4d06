import type { LocalControlPlane } from "@servicelet/scripts/local";

/** What kubectl printed. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kubectl that speaks to one control plane. */
export interface Kubectl {
  /** Runs it; throws what it printed where it fails. `input` becomes its standard input. */
  (args: string, input?: string): Promise<string>;
  /** Runs it whatever comes out. */
  attempt(args: string, input?: string): Promise<Printed>;
  /** Runs it until the signal aborts, and answers its output line by line. */
  lines(args: string, signal: AbortSignal): AsyncIterable<string>;
}

/** kubectl with the kubeconfig that the control plane wrote, and a cache of its own. */
export function kubectlFor(controlPlane: LocalControlPlane): Kubectl {
  const start = (args: string, options: Deno.CommandOptions) =>
    new Deno.Command("kubectl", {
      args: [...args.match(/'[^']*'|\S+/g) ?? []].map((arg) => arg.replaceAll("'", "")),
      env: {
        KUBECONFIG: controlPlane.kubeconfig,
        KUBECACHEDIR: `${controlPlane.kubeconfig}-cache`,
        HOME: `${controlPlane.kubeconfig}-home`,
      },
      stdout: "piped",
      stderr: "piped",
      ...options,
    }).spawn();

  const attempt: Kubectl["attempt"] = async (args, input) => {
    const child = start(args, { stdin: input === undefined ? "null" : "piped" });
    if (input !== undefined) await new Blob([input]).stream().pipeTo(child.stdin);
    const { code, stdout, stderr } = await child.output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  };
  async function run(args: string, input?: string): Promise<string> {
    const { code, stdout, stderr } = await attempt(args, input);
    if (code !== 0) throw new Error(`kubectl ${args} ended with ${code}: ${stderr}`);
    return stdout;
  }
  async function* lines(args: string, signal: AbortSignal): AsyncIterable<string> {
    const child = start(args, { stdin: "null", stderr: "null", signal });
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      yield* parts;
    }
  }
  return Object.assign(run, { attempt, lines });
}
