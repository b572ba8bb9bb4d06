import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { applyMergePatch, deepEqual, type Json } from "./mod.ts";

describe("a merge patch", () => {
  // RFC 7386, appendix A.
  const cases: [target: Json, patch: Json, result: Json][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [["a", "b"], ["c", "d"], ["c", "d"]],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of cases) {
    it(`${JSON.stringify(patch)} makes ${JSON.stringify(result)} of ${JSON.stringify(target)}`, () => {
      assert.deepEqual(applyMergePatch(target, patch), result);
    });
  }

  it("sets a field called __proto__ like any other", () => {
    const result = applyMergePatch({}, JSON.parse('{"__proto__":{"admin":true}}'));
    assert.equal(JSON.stringify(result), '{"__proto__":{"admin":true}}');
    assert.equal((result as { admin?: boolean }).admin, undefined);
  });
});

describe("any merge patch on any document", () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json);

  it("does the same when applied twice, and leaves both as they were", () => {
    fc.assert(fc.property(json, json, (target, patch) => {
      const before = JSON.stringify([target, patch]);
      const once = applyMergePatch(target, patch);
      assert.ok(deepEqual(applyMergePatch(once, patch), once));
      assert.equal(JSON.stringify([target, patch]), before);
    }));
  });
});
