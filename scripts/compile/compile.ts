import { explainFailure } from "./base.ts";
import type { Program, Target } from "./programs.ts";

/** Embeds a bundle into one executable file, and runs it where this machine can.
 *
 * @returns path of the file
 * @throws {Error} no base binary can be had, or the one in `DENORT_BIN` is of no use; nothing is left then
 */
export async function compile(
  program: Program,
  target: Target,
  script: string,
  directory: string,
): Promise<string> {
  const output = `${directory}/${program.name}-linux-${target.name}`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      "--no-check",
      "--no-config",
      "--unstable-kv",
      ...program.permissions,
      "--target",
      target.triple,
      "--output",
      output,
      script,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw explainFailure(target, new TextDecoder().decode(stderr));
  if (Deno.build.os === "linux" && Deno.build.arch === target.name) await prove(program, script, output);
  return output;
}

/** Any Linux program passes for a base, and the whole of Deno then starts a prompt: the file must say what the bundle says. */
async function prove(program: Program, script: string, file: string): Promise<void> {
  const expected = await helpOf(Deno.execPath(), ["run", "--no-config", ...program.permissions, script]);
  if (expected !== "" && await helpOf(file, []).catch(() => "") === expected) return;
  await Deno.remove(file);
  const denortBin = Deno.env.get("DENORT_BIN");
  throw new Error(
    denortBin
      ? `DENORT_BIN must be the denort of Deno ${Deno.version.deno}, not the deno command: what is compiled with ${denortBin} does not start ${program.name}`
      : `Cannot compile ${program.name}: the file that was made does not start it; remove Deno's download (deno clean) and try again`,
  );
}

async function helpOf(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, {
    args: [...args, "--help"],
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
