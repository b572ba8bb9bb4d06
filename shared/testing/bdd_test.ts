import assert from "node:assert/strict";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "./bdd.ts";
import { temporaryDirectory } from "./mod.ts";

const calls: string[] = [];
const note = (what: string) => () => {
  calls.push(what);
};

describe("hooks around nested cases", () => {
  beforeAll(note("before all"));
  beforeEach(note("outer before"));
  afterEach(note("outer after"));

  describe("an inner suite", () => {
    beforeEach(note("inner before"));
    afterEach(note("inner after"));
    afterAll(note("inner after all"));
    it("runs a first case", note("first"));
    it("runs a second case", note("second"));
  });

  it("run outer before inner, and after in the opposite order", () => {
    assert.deepEqual(calls, [
      "before all",
      ...["outer before", "inner before", "first", "inner after", "outer after"],
      ...["outer before", "inner before", "second", "inner after", "inner after all", "outer after"],
      "outer before",
    ]);
  });
});

/** Runs a file of cases in a process of its own. */
async function run(body: string): Promise<{ code: number; output: string }> {
  await using directory = await temporaryDirectory();
  const file = `${directory.path}/trial_test.ts`;
  const bdd = new URL("./bdd.ts", import.meta.url).href;
  await Deno.writeTextFile(file, `import { afterEach, beforeEach, describe, it } from "${bdd}";\n${body}`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "--no-config", "-A", file],
    env: { NO_COLOR: "1" },
  }).output();
  return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

describe("a file with cases that fail", () => {
  it("counts each case by its full name", async () => {
    const { code, output } = await run(`
      describe("outer", () => describe("inner", () => {
        it("works", () => {});
        it("fails", () => { throw new Error("as it should"); });
      }));`);
    assert.equal(code, 1);
    assert.match(output, /outer > inner > works \.\.\. ok/);
    assert.match(output, /outer > inner > fails \.\.\. FAILED/);
    assert.match(output, /1 passed \| 1 failed/);
  });

  it("runs afterEach also when the case threw, and reports both failures", async () => {
    const { output } = await run(`
      describe("a", () => {
        afterEach(() => { throw new Error("second failure"); });
        it("b", () => { throw new Error("first failure"); });
      });`);
    assert.match(output, /first failure/);
    assert.match(output, /second failure/);
  });
});

describe("a suite that is left out", () => {
  it("runs none of its cases, nor those of suites within", async () => {
    const { code, output } = await run(`
      describe("a", { ignore: true }, () => describe("b", () => it("c", () => { throw new Error(); })));`);
    assert.equal(code, 0);
    assert.match(output, /0 passed \| 0 failed \| 1 ignored/);
  });
});

describe("a hook outside of describe", () => {
  it("is refused with its name", async () => {
    const { code, output } = await run("beforeEach(() => {});");
    assert.equal(code, 1);
    assert.match(output, /Cannot register beforeEach\(\) outside of describe\(\)/);
  });
});
