import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { deepEqual, isJsonObject } from "./mod.ts";

/** The same value with the keys of each object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, child]) => [key, reversed(child)]));
}

describe("two JSON values", () => {
  it("are equal whatever the order of their keys", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.ok(deepEqual(value, reversed(value)))));
  });

  it("differ by kind, length, order of items and absent keys", () => {
    const pairs: [unknown, unknown][] = [
      [1, "1"],
      [null, {}],
      [[], {}],
      [[1, 2], [2, 1]],
      [[1], [1, 2]],
      [{ a: 1 }, { b: 1 }],
      [{ a: null }, {}],
      [{ a: 1 }, { a: 1, b: 2 }],
    ];
    for (const [a, b] of pairs) {
      assert.deepEqual([deepEqual(a, b), deepEqual(b, a)], [false, false], JSON.stringify([a, b]));
    }
  });

  it("are equal where one has a key that is undefined and the other does not have it", () => {
    assert.ok(deepEqual({ a: 1, b: undefined }, { a: 1 }) && deepEqual({ a: 1 }, { a: 1, b: undefined }));
  });
});
