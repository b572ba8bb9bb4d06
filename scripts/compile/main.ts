/** Builds the servicelet and the control plane: one file per program and architecture, the bundles that they embed, and
 * `SHA256SUMS`. See `deno task compile --help`.
 *
 * @module
 */
import { resolve } from "node:path";
import { anyText, command, flag, oneOf, runProgram } from "@servicelet/shared/cli";
import { targetsOf } from "./base.ts";
import { bundle } from "./bundle.ts";
import { compile } from "./compile.ts";
import { PROGRAMS, TARGETS } from "./programs.ts";
import { publish } from "./publish.ts";

const DIST = new URL("../../dist", import.meta.url).pathname;

const build = command({
  name: "compile",
  summary: "Builds the servicelet and the control plane for x86-64 and ARM64 Linux.",
  description:
    "Writes one bundle per program, the executable files that embed them, and SHA256SUMS.\n\nThe base of an executable file " +
    "(denort) is downloaded by Deno; where it cannot be, set DENORT_BIN to a denort of the same version, and only its " +
    "architecture is built. The bundles are complete also when that fails.",
  variables: "COMPILE",
  flags: {
    only: flag({
      placeholder: "bundle",
      description: "Stops after the bundles, which run under `deno run` and need no base.",
      read: oneOf("bundle"),
    }),
    output: flag({
      placeholder: "DIR",
      description: "Folder for what is built; made where it is missing. Default: dist.",
      read: anyText,
    }),
  },
}, async ({ values: { only, output } }, { out }) => {
  const directory = output === undefined ? DIST : resolve(output);
  // A DENORT_BIN of no use is refused before anything is touched.
  const targets = only ? [] : await targetsOf(Deno.env.get("DENORT_BIN"), TARGETS);
  await Deno.mkdir(directory, { recursive: true });
  const unfinished = await Deno.makeTempDir({ dir: directory, prefix: ".unfinished-" });
  try {
    const bundles: string[] = [];
    for (const program of PROGRAMS) bundles.push(await bundle(program, unfinished));
    const scripts = await publish(bundles, directory);
    for (const script of scripts) out(await lineOf(script));

    const compiled: string[] = [];
    for (const target of targets) {
      for (const [i, program] of PROGRAMS.entries()) {
        compiled.push(await compile(program, target, scripts[i] ?? "", unfinished));
      }
    }
    for (const file of (await publish([...scripts, ...compiled], directory)).slice(scripts.length)) {
      out(await lineOf(file));
    }
  } finally {
    await Deno.remove(unfinished, { recursive: true });
  }
});

Deno.exitCode = await runProgram({ name: "compile", commands: [build] }, Deno.args, Deno.env.toObject(), {
  out: (text) => void Deno.stdout.writeSync(new TextEncoder().encode(text)),
  err: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
});

async function lineOf(file: string): Promise<string> {
  const { size } = await Deno.stat(file);
  return `${file}  ${(size / 1e6).toFixed(2)} MB\n`;
}
