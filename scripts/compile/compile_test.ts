import { deepEqual, equal, match } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { temporaryDirectory } from "@servicelet/shared/testing";
import { explainFailure } from "./base.ts";
import { TARGETS } from "./programs.ts";

const MAIN = new URL("./main.ts", import.meta.url).pathname;
const BUNDLES = ["SHA256SUMS", "control-plane.js", "servicelet.js"];
const X86 = { name: "x86_64", triple: "x86_64-unknown-linux-gnu", machine: 62 };
// What cannot run here is not tried, so that a wrong base for it is not noticed.
const provable = Deno.build.os === "linux";

describe("deno task compile where Deno's base binary cannot be had", () => {
  it("fails with one sentence that says what to do, and leaves complete bundles", async () => {
    await using directory = await temporaryDirectory();
    const output = `${directory.path}/dist`;
    const { code, stderr } = await compile(output, await withoutBase(`${directory.path}/deno`));

    equal(code, 1);
    match(stderr, /^compile: Cannot compile for x86_64: [^\n]+ set DENORT_BIN to it\n$/);
    deepEqual(await namesIn(output), BUNDLES);
    await verifyChecksums(output);
    for (const name of ["servicelet", "control-plane"]) match(await helpOf(`${output}/${name}.js`), /Usage/);
  });

  it("builds the bundles alone with --only bundle, and removes compiled files of an older build", async () => {
    await using directory = await temporaryDirectory();
    await Deno.writeTextFile(`${directory.path}/servicelet-linux-x86_64`, "old");
    const { code, stderr } = await compile(directory.path, {}, ["--only", "bundle"]);

    deepEqual({ code, stderr }, { code: 0, stderr: "" });
    deepEqual(await namesIn(directory.path), BUNDLES);
    await verifyChecksums(directory.path);
  });
});

describe("deno task compile with a DENORT_BIN of no use", () => {
  it("refuses a file that is missing or no Linux program, before anything is made", async () => {
    await using directory = await temporaryDirectory();
    for (const DENORT_BIN of [MAIN, `${directory.path}/missing`, "/dev/null", directory.path]) {
      const { code, stderr } = await compile(`${directory.path}/dist`, { DENORT_BIN });
      equal(code, 1);
      match(stderr, /^compile: DENORT_BIN must be [^\n]+\n$/);
      match(stderr, new RegExp(DENORT_BIN));
    }
    deepEqual(await namesIn(directory.path), []);
  });

  for (
    const [what, DENORT_BIN] of [["the deno command", Deno.execPath()], ["some other program", "/bin/ls"]]
  ) {
    it(`refuses ${what}, and leaves no compiled file`, { ignore: !provable }, async () => {
      await using directory = await temporaryDirectory();
      const { code, stderr } = await compile(directory.path, { DENORT_BIN: DENORT_BIN ?? "" });
      equal(code, 1);
      match(stderr, /^compile: DENORT_BIN must be the denort of Deno [^\n]+ does not start servicelet\n$/);
      deepEqual(await namesIn(directory.path), BUNDLES);
      await verifyChecksums(directory.path);
    });
  }
});

describe("deno task compile with a DENORT_BIN for another machine", { ignore: !provable }, () => {
  it("builds both programs for that machine alone, with checksums", async () => {
    await using directory = await temporaryDirectory();
    const DENORT_BIN = `${directory.path}/base`;
    const other = TARGETS.find(({ name }) => name !== Deno.build.arch) ?? X86;
    await Deno.writeFile(DENORT_BIN, await programFor(other.machine));
    const output = `${directory.path}/dist`;
    const { code, stderr } = await compile(output, { DENORT_BIN });

    deepEqual({ code, stderr }, { code: 0, stderr: "" });
    const files = ["control-plane", "servicelet"].map((name) => `${name}-linux-${other.name}`);
    deepEqual(await namesIn(output), [...BUNDLES, ...files].sort());
    await verifyChecksums(output);
    for (const file of files) equal(((await Deno.stat(`${output}/${file}`)).mode ?? 0) & 0o111, 0o111);
  });
});

describe("deno task compile with arguments that it does not know", () => {
  for (const args of [["--target", "windows"], ["--only", "servicelet"], ["everything"]]) {
    it(`ends with code 2 and makes nothing: ${args.join(" ")}`, async () => {
      await using directory = await temporaryDirectory();
      const { code, stderr } = await compile(`${directory.path}/dist`, {}, args);
      equal(code, 2);
      match(stderr, /^compile: [^\n]+\n$/);
      deepEqual(await namesIn(directory.path), []);
    });
  }
});

describe("a failure of deno compile", () => {
  it("is told in one sentence, without the stack", () => {
    const stderr = "error: Writing deno compile executable to temporary file 'y.tmp'\n\nCaused by:\n" +
      "    0: Writing binary bytes\n    1: Invalid object\n\nStack backtrace:\n   0: <unknown>\n";
    equal(
      explainFailure(X86, stderr).message,
      "Cannot compile for x86_64: Writing deno compile executable to temporary file 'y.tmp': Writing binary bytes: Invalid object",
    );
  });
});

async function compile(output: string, env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  return await run(["run", "-A", MAIN, "--output", output, ...args], env);
}

async function helpOf(script: string): Promise<string> {
  return (await run(["run", "-A", "--no-config", script, "--help"], {})).stdout;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { DENORT_BIN: _, ...inherited } = Deno.env.toObject();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { ...inherited, ...env },
    clearEnv: true,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Deno's cache without a base, and no way to the server that has it. */
async function withoutBase(directory: string): Promise<Record<string, string>> {
  const { denoDir } = JSON.parse((await run(["info", "--json"], {})).stdout);
  await Deno.mkdir(`${directory}/dl`, { recursive: true });
  for (const name of await namesIn(denoDir)) {
    if (name !== "dl") await Deno.symlink(`${denoDir}/${name}`, `${directory}/${name}`);
  }
  for (const name of await namesIn(`${denoDir}/dl`)) {
    if (name !== "release") await Deno.symlink(`${denoDir}/dl/${name}`, `${directory}/dl/${name}`);
  }
  return { DENO_DIR: directory, HTTPS_PROXY: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" };
}

/** Some program, with the machine in its header (`e_machine`) changed: enough of a base to be embedded into. */
async function programFor(machine: number): Promise<Uint8Array> {
  const bytes = await Deno.readFile("/bin/ls");
  new DataView(bytes.buffer).setUint16(18, machine, true);
  return bytes;
}

/** Each file that was built has its line, and no other. */
async function verifyChecksums(directory: string): Promise<void> {
  const lines = (await Deno.readTextFile(`${directory}/SHA256SUMS`)).trim().split("\n");
  const sums = lines.map((line) => line.split("  "));
  const built = (await namesIn(directory)).filter((name) => name !== "SHA256SUMS");
  deepEqual(sums.map(([, name]) => name).sort(), built);
  for (const [sum, name] of sums) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(`${directory}/${name}`));
    equal(new Uint8Array(digest).toHex(), sum, name);
  }
}

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).sort();
}
