import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { temporaryDirectory } from "./mod.ts";

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

describe("a temporary directory", () => {
  it("is there within the block and gone with its files after it", async () => {
    let path: string;
    {
      await using directory = await temporaryDirectory();
      path = directory.path;
      await Deno.mkdir(`${path}/a`);
      await Deno.writeTextFile(`${path}/a/b.txt`, "x");
      assert.equal(await exists(`${path}/a/b.txt`), true);
    }
    assert.equal(await exists(path), false);
  });

  it("may have been removed by the test", async () => {
    await using directory = await temporaryDirectory();
    await Deno.remove(directory.path);
  });
});
