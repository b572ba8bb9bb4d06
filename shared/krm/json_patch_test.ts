import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { applyJsonPatch, deepEqual, type Json, StatusError } from "./mod.ts";

function refused(target: Json, patch: unknown, code: number, message: RegExp): void {
  assert.throws(() => applyJsonPatch(target, patch), (error) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

describe("a JSON patch", () => {
  const target = { a: { b: [1, 2, 3] }, "x/y~z": true };
  const patched = (...operations: unknown[]) => applyJsonPatch(target, operations);

  it("adds to objects and lists, also at the end", () => {
    assert.deepEqual(patched({ op: "add", path: "/c", value: null }), { ...target, c: null });
    assert.deepEqual(patched({ op: "add", path: "/a/b/1", value: 9 }), { ...target, a: { b: [1, 9, 2, 3] } });
    assert.deepEqual(patched({ op: "add", path: "/a/b/-", value: 9 }), { ...target, a: { b: [1, 2, 3, 9] } });
    assert.deepEqual(patched({ op: "add", path: "", value: 1 }), 1);
  });

  it("removes and replaces", () => {
    assert.deepEqual(patched({ op: "remove", path: "/a/b/0" }, { op: "remove", path: "/x~1y~0z" }), {
      a: { b: [2, 3] },
    });
    assert.deepEqual(patched({ op: "replace", path: "/a/b/2", value: {} }), {
      ...target,
      a: { b: [1, 2, {}] },
    });
  });

  it("moves, copies and tests", () => {
    assert.deepEqual(
      patched(
        { op: "test", path: "/a", value: { b: [1, 2, 3] } },
        { op: "move", from: "/a/b", path: "/m" },
        { op: "copy", from: "/m/0", path: "/m/-" },
      ),
      { a: {}, "x/y~z": true, m: [1, 2, 3, 1] },
    );
  });

  it("changes a copy apart from its origin", () => {
    const result = patched({ op: "copy", from: "/a", path: "/c" }, { op: "add", path: "/c/b/-", value: 4 });
    assert.deepEqual(result, { ...target, c: { b: [1, 2, 3, 4] } });
  });

  it("sets a field called __proto__ like any other", () => {
    const result = applyJsonPatch({}, [{ op: "add", path: "/__proto__", value: { admin: true } }]);
    assert.equal(JSON.stringify(result), '{"__proto__":{"admin":true}}');
    refused({}, [{ op: "test", path: "/constructor", value: 1 }], 422, /there is no "constructor"/);
  });
});

describe("a JSON patch that cannot be applied", () => {
  it("is refused with 422, saying which operation and why", () => {
    const target = { a: [1] };
    refused(
      target,
      [{ op: "test", path: "/a/0", value: 2 }],
      422,
      /operation 0 .*\(test \/a\/0\): the test failed: the value is 1/,
    );
    refused(
      target,
      [{ op: "add", path: "/b", value: 1 }, { op: "remove", path: "/c" }],
      422,
      /operation 1 .*there is no "c"/,
    );
    refused(target, [{ op: "replace", path: "/b", value: 1 }], 422, /there is no "b"/);
    refused(target, [{ op: "add", path: "/a/2", value: 1 }], 422, /"2" is no place in a list of 1/);
    refused(target, [{ op: "add", path: "/a/01", value: 1 }], 422, /no place/);
    refused(target, [{ op: "remove", path: "/a/-" }], 422, /no item/);
    refused(target, [{ op: "add", path: "/a/0/b", value: 1 }], 422, /has no fields/);
    refused(target, [{ op: "move", from: "/a", path: "/a/0" }], 422, /moved into itself/);
    refused(target, [{ op: "remove", path: "" }], 422, /whole document/);
  });
});

describe("what is no JSON patch", () => {
  it("is refused with 400, saying which operation", () => {
    refused({}, {}, 400, /must be a list of operations/);
    refused({}, [{ op: "add", path: "/a", value: 1 }, 7], 400, /operation 1 .*must be an object/);
    refused({}, [{ op: "grow", path: "/a" }], 400, /operation 0 .*op must be add, .*it was "grow"/);
    refused({}, [{ op: "add", path: "a", value: 1 }], 400, /path must be a JSON pointer .*it was "a"/);
    refused({}, [{ op: "add", path: "/~2", value: 1 }], 400, /JSON pointer/);
    refused({}, [{ op: "add", path: "/a" }], 400, /value must be given for add/);
    refused({}, [{ op: "move", path: "/a" }], 400, /from must be text: it was absent/);
  });

  it("is refused with 413 above 10,000 operations and where copies double too often", () => {
    const operation = { op: "add", path: "/a", value: 1 };
    assert.deepEqual(applyJsonPatch({}, new Array(10_000).fill(operation)), { a: 1 });
    refused(
      {},
      new Array(10_001).fill(operation),
      413,
      /maximum operations in a JSON patch is 10000, got 10001/,
    );
    refused(
      { a: ["x"] },
      new Array(40).fill({ op: "copy", from: "/a", path: "/a/-" }),
      413,
      /copies must not exceed/,
    );
  });
});

describe("any JSON patch on any document", () => {
  const name = fc.constantFrom("a", "b", "0", "1", "-", "__proto__");
  const path = fc.array(name, { maxLength: 3 }).map((names) => names.map((n) => `/${n}`).join(""));
  const value = fc.jsonValue({ maxDepth: 2 }).map((v) => v as Json);
  const operation = fc.record({
    op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
    path,
    from: path,
    value,
  });

  it("leaves both as they were, and is applied or refused", () => {
    fc.assert(fc.property(value, fc.array(operation, { maxLength: 6 }), (target, patch) => {
      const before = JSON.stringify([target, patch]);
      try {
        applyJsonPatch(target, patch);
      } catch (error) {
        assert.ok(error instanceof StatusError && error.code === 422, String(error));
      }
      assert.equal(JSON.stringify([target, patch]), before);
    }));
  });

  it("makes a test of what it just added pass", () => {
    fc.assert(fc.property(value, (added) => {
      const result = applyJsonPatch({}, [
        { op: "add", path: "/v", value: added },
        { op: "test", path: "/v", value: added },
      ]);
      assert.ok(deepEqual(result, { v: added }));
    }));
  });
});
