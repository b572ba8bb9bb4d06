import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { fixedField, matchesFields, parseFieldSelector, StatusError } from "./mod.ts";

describe("a field selector in a request", () => {
  const document = new Map([["metadata.name", "a"], ["spec.x", "1,2=3\\"]]);
  const matches = (text: string) => matchesFields(parseFieldSelector(text), (path) => document.get(path));

  it("compares fields as text; an absent field is empty", () => {
    assert.equal(matches("metadata.name=a,spec.x!=1"), true);
    assert.equal(matches("metadata.name==a"), true);
    assert.equal(matches("metadata.name!=a"), false);
    assert.equal(matches("spec.y="), true);
    assert.equal(matches("spec.y!="), false);
    assert.equal(matches(""), true);
    assert.equal(matches(",metadata.name=a,"), true);
  });

  it("reads escapes in values", () => {
    assert.equal(matches("spec.x=1\\,2\\=3\\\\"), true);
  });

  it("tells which value it fixes", () => {
    const selector = parseFieldSelector("metadata.name=a,spec.x!=b");
    assert.deepEqual([fixedField(selector, "metadata.name"), fixedField(selector, "spec.x")], [
      "a",
      undefined,
    ]);
  });

  it("is refused in Kubernetes' words where it cannot be read", () => {
    const refused = (text: string, message: string) =>
      assert.throws(() => parseFieldSelector(text), (error) => {
        assert.ok(error instanceof StatusError && error.code === 400);
        return error.message === message;
      });
    refused("a=b,c", "invalid selector: 'a=b,c'; can't understand 'c'");
    refused("a=b\\x", "invalid field selector: invalid escape sequence: \\x");
    refused("a=b\\", "invalid field selector: invalid escape sequence: \\");
    refused("a=b=c", "invalid field selector: unescaped character in value: =");
  });

  it("reads back any value that was escaped", () => {
    const escaped = (value: string) => value.replace(/[\\,=]/g, "\\$&");
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
      const text = `p=${escaped(a)},q!=${escaped(b)}`;
      assert.deepEqual(parseFieldSelector(text), [
        { path: "p", operator: "=", value: a },
        { path: "q", operator: "!=", value: b },
      ]);
    }));
  });
});
