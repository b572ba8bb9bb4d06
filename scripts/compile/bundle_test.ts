import { deepEqual, ok } from "node:assert/strict";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { type TemporaryDirectory, temporaryDirectory } from "@servicelet/shared/testing";
import { bundle } from "./bundle.ts";
import { PROGRAMS } from "./programs.ts";

/** A device loads and compiles each of these bytes at every start. Raise them only for what is worth that. */
const MOST_BYTES: Readonly<Record<string, number>> = { servicelet: 150_000, "control-plane": 1_000_000 };
/** Names that these libraries keep when they are minified. */
const HEAVY = { zod: /\bZod[A-Z]/, yaml: /\bYAML[A-Z]/, hono: /\bHono\b/ };

describe("the bundles that compiled files embed", () => {
  let directory: TemporaryDirectory;
  const files = new Map<string, string>();
  const fileOf = (name: string) => files.get(name) ?? "";

  beforeAll(async () => {
    directory = await temporaryDirectory();
    for (const program of PROGRAMS) files.set(program.name, await bundle(program, directory.path));
  });
  afterAll(async () => await directory[Symbol.asyncDispose]());

  for (const { name } of PROGRAMS) {
    it(`need no other file: ${name} imports only what is built into Deno`, async () => {
      deepEqual(await foreignImports(fileOf(name)), []);
      // What stands in for a require() that nobody can answer: it throws when it is reached, perhaps much later.
      ok(!(await Deno.readTextFile(fileOf(name))).includes("Dynamic require of"));
    });

    it(`stay small: ${name} has at most ${MOST_BYTES[name]} bytes`, async () => {
      const { size } = await Deno.stat(fileOf(name));
      ok(size <= (MOST_BYTES[name] ?? 0), `it has ${size}`);
    });
  }

  it("keep zod, yaml and Hono out of the servicelet", async () => {
    deepEqual(await heavyIn(fileOf("servicelet")), []);
    // Where they are, they are seen.
    const entry = `${directory.path}/libraries.ts`;
    const imports = ["zod", "yaml", "hono"].map((name, i) =>
      `import * as l${i} from ${JSON.stringify(name)};`
    );
    await Deno.writeTextFile(entry, `${imports.join("")}console.log([l0, l1, l2])`);
    const libraries = await bundle({ name: "libraries", entry, permissions: [] }, directory.path);
    deepEqual(await heavyIn(libraries), Object.keys(HEAVY));
  });
});

async function heavyIn(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(file);
  return Object.entries(HEAVY).filter(([, mark]) => mark.test(text)).map(([name]) => name);
}

async function foreignImports(file: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config", file],
    stdin: "null",
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  return modules
    .map(({ specifier }: { specifier: string }) => specifier)
    .filter((specifier: string) => !specifier.startsWith("node:") && specifier !== `file://${file}`);
}
