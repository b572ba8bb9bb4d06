import type { Program } from "./programs.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Writes the program as one minified JavaScript file: what is embedded into the compiled file, and what runs under `deno run`.
 *
 * @returns path of the file
 * @throws when `deno bundle` fails
 */
export async function bundle(program: Program, directory: string): Promise<string> {
  const output = `${directory}/${program.name}.js`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    // For browsers, packages offer ES modules. What some offer for Node calls require(), which a bundle does not have.
    args: [
      "bundle",
      "--quiet",
      "--minify",
      "--platform",
      "browser",
      "--output",
      output,
      program.entry,
    ],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot bundle ${program.entry}: ${new TextDecoder().decode(stderr).trim()}`);
  return output;
}
