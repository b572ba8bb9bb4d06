/** Builds the servicelet and the control plane into `dist/`: one file per program and architecture, the bundles that they
 * embed, and `SHA256SUMS`.
 *
 * `deno task compile [--only bundle]`
 *
 * @module
 */
import { bundle } from "./bundle.ts";
import { explainFailure, NoBase, targetsOf } from "./base.ts";
import { type Program, PROGRAMS, type Target, TARGETS } from "./programs.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const DIST = `${ROOT}dist`;

const bundleOnly = Deno.args.join(" ") === "--only bundle";
if (Deno.args.length > 0 && !bundleOnly) {
  console.error(`Unknown arguments ${Deno.args.join(" ")}: only "--only bundle" is known`);
  Deno.exit(2);
}

try {
  await Deno.mkdir(DIST, { recursive: true });
  const targets = bundleOnly ? [] : await targetsOf(Deno.env.get("DENORT_BIN"), TARGETS);
  const files: string[] = [];
  for (const program of PROGRAMS) {
    const script = await bundle(program, DIST);
    files.push(script);
    await say(script);
    for (const target of targets) {
      const file = await compile(program, target, script);
      files.push(file);
      await say(file);
    }
  }
  await writeChecksums(files);
} catch (error) {
  if (!(error instanceof NoBase)) throw error;
  console.error(error.message);
  Deno.exit(1);
}

async function compile(program: Program, target: Target, script: string): Promise<string> {
  const output = `${DIST}/${program.name}-linux-${target.name}`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      "--no-check",
      "--unstable-kv",
      ...program.permissions,
      "--target",
      target.triple,
      "--output",
      output,
      script,
    ],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw explainFailure(target, new TextDecoder().decode(stderr));
  if (target.name === Deno.build.arch) await prove(output);
  return output;
}

/** A base that is the whole of Deno compiles too, and then starts a prompt instead of the program: run the file to be sure. */
async function prove(file: string): Promise<void> {
  const { success, stdout } = await new Deno.Command(file, {
    args: ["--help"],
    stdin: "null",
    stderr: "null",
  }).output();
  const help = new TextDecoder().decode(stdout);
  if (!success || !/servicelet|control.plane/i.test(help)) {
    await Deno.remove(file);
    throw new NoBase(`DENORT_BIN must be a denort, not the deno command: ${Deno.env.get("DENORT_BIN")}`);
  }
}

async function say(file: string): Promise<void> {
  const { size } = await Deno.stat(file);
  console.log(`${file.slice(ROOT.length)}  ${(size / 1e6).toFixed(2)} MB`);
}

async function writeChecksums(files: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const file of files) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(file));
    lines.push(`${new Uint8Array(digest).toHex()}  ${file.slice(DIST.length + 1)}\n`);
  }
  await Deno.writeTextFile(`${DIST}/SHA256SUMS`, lines.join(""));
}
