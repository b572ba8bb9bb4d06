/** Starting the project's programs as real processes.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url).pathname;

/** How a program is started: from source, or from the bundle or compiled file that is shipped. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** The control plane from source. */
export const controlPlaneSource: Program = source("control-plane/main.ts");
/** The servicelet from source. */
export const serviceletSource: Program = source("servicelet/main.ts");

/** A program from a bundle that `deno task compile` made, with all permissions or with those named. */
export function bundled(path: string, permissions: readonly string[] = ["--allow-all"]): Program {
  return {
    command: Deno.execPath(),
    args: ["run", "--no-prompt", ...permissions, "--unstable-kv", "--no-config", path],
  };
}

/** A running program whose standard output is read line by line. */
export interface Running {
  readonly pid: number;
  /** Resolves when it ended. */
  readonly status: Promise<Deno.CommandStatus>;
  /** First line of standard output.
   *
   * @throws with what it wrote to standard error where it ended without one */
  firstLine(): Promise<string>;
  kill(signal: Deno.Signal): void;
}

/** Starts a program; its standard error goes to `logFile`. */
export async function startProgram(
  program: Program,
  args: readonly string[],
  logFile: string,
): Promise<Running> {
  using log = await Deno.open(logFile, { create: true, append: true });
  log.syncSync();
  const child = new Deno.Command("/bin/sh", {
    // The shell only redirects: `exec` leaves the program under the same pid.
    args: [
      "-c",
      'log=$1; shift; exec "$@" 2>>"$log"',
      "sh",
      logFile,
      program.command,
      ...program.args,
      ...args,
    ],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  return {
    pid: child.pid,
    status: child.status,
    kill: (signal) => child.kill(signal),
    async firstLine() {
      let text = "";
      const reader = lines.getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          throw new Error(
            `${[program.command, ...program.args, ...args].join(" ")} ended:\n${await tail(logFile)}`,
          );
        }
        text += value;
        const end = text.indexOf("\n");
        if (end < 0) continue;
        reader.cancel();
        return text.slice(0, end);
      }
    },
  };
}

function source(entry: string): Program {
  return { command: Deno.execPath(), args: ["run", "-A", "--unstable-kv", `${ROOT}${entry}`] };
}

async function tail(file: string): Promise<string> {
  return (await Deno.readTextFile(file)).split("\n").slice(-20).join("\n");
}
