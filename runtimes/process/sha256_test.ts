import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Sha256, sha256 } from "./sha256.ts";

describe("SHA-256 in pieces", () => {
  it("equals the platform's for every length around a block and every way to cut it", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 256);
      const expected = createHash("sha256").update(bytes).digest("hex");
      const cut = length === 0 ? 0 : (length * 7) % length;
      assert.equal(new Sha256().update(bytes.subarray(0, cut)).update(bytes.subarray(cut)).hex(), expected);
    }
  });

  it("gives the standard's example", () => {
    assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
