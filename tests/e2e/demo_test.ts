import { equal, match } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { temporaryDirectory } from "@servicelet/shared/testing";
import { processesUnder } from "@servicelet/scripts/local";

const DEMO = new URL("../../scripts/demo/main.ts", import.meta.url).pathname;

describe("the demo", () => {
  it("shows an order from creation to Ready, healing and adoption, and leaves nothing behind", async () => {
    await using directory = await temporaryDirectory();
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", DEMO, "--no-setup"],
      env: { TMPDIR: directory.path, NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    equal(code, 0, text + new TextDecoder().decode(stderr));
    for (
      const step of [
        /hello +Ready/,
        /answers 200: Hello from process/,
        /healed: Ready again/,
        /adopted: still process/,
      ]
    ) {
      match(text, step);
    }
    equal((await Array.fromAsync(Deno.readDir(directory.path))).length, 0);
    equal(processesUnder(directory.path).length, 0);
  });

  it("says which flag it does not know", async () => {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", DEMO, "--forever"],
    }).output();
    equal(code, 2);
    match(new TextDecoder().decode(stderr), /Unknown flag --forever: known are --keep, --no-setup, --help/);
  });
});
