import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { formatMemory, InvalidField, parseMemory } from "./mod.ts";

describe("a quantity of memory", () => {
  it("is read in decimal and binary units, parts of a byte rounded up", () => {
    const read = (text: string) => parseMemory(text, "spec.memory");
    assert.deepEqual(["0", "128", "1k", "1.1k", "1.5G", "64Mi", "0.5Gi", "1Ti", "0.3Ki"].map(read), [
      ...[0, 128, 1000, 1100, 1.5e9, 64 * 2 ** 20, 2 ** 29, 2 ** 40, 308],
    ]);
  });

  it("is refused with its path where it is none", () => {
    for (const text of ["", "-1", "Mi", "1 Mi", "1mi", "1e3", "1.", "99999999Ti"]) {
      assert.throws(() => parseMemory(text, "spec.memory"), (error) => {
        assert.ok(error instanceof InvalidField);
        assert.equal(
          error.message,
          `spec.memory must be a quantity such as 512Mi: it was ${JSON.stringify(text)}`,
        );
        return true;
      });
    }
  });

  it("is written in the largest unit that says it exactly, and read back", () => {
    assert.deepEqual([0, 1000, 1024, 536870912, 2 ** 30 + 1].map(formatMemory), [
      "0",
      "1000",
      "1Ki",
      "512Mi",
      "1073741825",
    ]);
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => assert.equal(parseMemory(formatMemory(bytes), ""), bytes)),
    );
  });
});
