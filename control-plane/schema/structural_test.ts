import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import type { JsonObject } from "@servicelet/shared/krm";
import { ownDefinitions } from "@servicelet/shared/kinds/crds";
import { checkStructural, definitionSchemaProblems } from "./mod.ts";

/** Violations of a kind whose `spec` has one field. */
function problems(field: JsonObject): string[] {
  const schema = { type: "object", properties: { spec: { type: "object", properties: { f: field } } } };
  return checkStructural(schema, "s").map(({ path, requirement }) =>
    `${path.replace("s.properties[spec].properties[f]", "f")}: ${requirement}`
  );
}

describe("a schema that is not structural", () => {
  const cases: [string, JsonObject, string][] = [
    ["has a field without a type", {}, "f.type: must not be empty for specified object fields"],
    ["has a type that there is not", { type: "float" }, "f.type: supported values:"],
    ["has a list without items", { type: "array" }, "f.items: must be specified"],
    [
      "has several schemas for items",
      { type: "array", items: [{ type: "string" }] },
      "f.items: items must be a schema",
    ],
    ["refers to another", { $ref: "#/x", type: "string" }, "f.$ref: $ref is not supported"],
    ["mixes properties and additionalProperties", {
      type: "object",
      properties: { a: { type: "string" } },
      additionalProperties: { type: "string" },
    }, "f.additionalProperties: additionalProperties and properties are mutual exclusive"],
    [
      "asks for unique items",
      { type: "array", uniqueItems: true, items: { type: "string" } },
      "f.uniqueItems:",
    ],
    [
      "says types under a junctor",
      { type: "string", oneOf: [{ type: "string" }] },
      "f.oneOf[0].type: must be empty",
    ],
    ["limits a field under a junctor that it does not have", {
      type: "object",
      anyOf: [{ properties: { x: { minimum: 1 } } }],
    }, "f.properties[x]: because it is defined in"],
    [
      "has a pattern that is no regular expression",
      { type: "string", pattern: "(" },
      "f.pattern: must be a valid",
    ],
    [
      "has a pattern that only backtracking can match",
      { type: "string", pattern: "(a)\\1" },
      "f.pattern: must be a valid",
    ],
    ["has a default that it would refuse", { type: "integer", minimum: 1, default: 0 }, "f.default:"],
    [
      "has a default with unknown fields",
      { type: "object", default: { x: 1 } },
      "f.default: must not have unknown fields",
    ],
    ["has keys of a map that may be absent", {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["k"],
      items: { type: "object", properties: { k: { type: "string" } } },
    }, "f.items.properties[k].default: this property is in x-kubernetes-list-map-keys"],
    ["has a keyword of a wrong type", { type: "string", maxLength: "3" }, "f.maxLength: is of a wrong type"],
  ];
  for (const [what, field, expected] of cases) {
    it(`is refused where it ${what}`, () => {
      const found = problems(field);
      assert.ok(found.some((problem) => problem.startsWith(expected)), JSON.stringify(found));
    });
  }

  it("is refused where it narrows metadata beyond the name", () => {
    const metadata = { type: "object", properties: { labels: { type: "object" } } };
    const found = checkStructural({ type: "object", properties: { metadata } }, "s");
    assert.deepEqual(found.map(({ path }) => path), ["s.properties[metadata]"]);
  });

  it("is refused where it nests too deep or has too many nodes, in no time", () => {
    let deep: JsonObject = { type: "string" };
    for (let i = 0; i < 5000; i++) deep = { type: "object", properties: { a: deep } };
    assert.match(checkStructural(deep, "s")[0]?.requirement ?? "", /at most 64 levels deep/);
    const wide = Object.fromEntries(Array.from({ length: 250_000 }, (_, i) => [`f${i}`, { type: "string" }]));
    assert.match(checkStructural({ type: "object", properties: wide }, "s")[0]?.requirement ?? "", /nodes/);
  });
});

describe("a structural schema", () => {
  it("is taken, with an int-or-string written in each of its three ways", () => {
    const both = [{ type: "integer" }, { type: "string" }];
    assert.deepEqual(problems({ "x-kubernetes-int-or-string": true }), []);
    assert.deepEqual(problems({ "x-kubernetes-int-or-string": true, anyOf: both }), []);
    assert.deepEqual(
      problems({ "x-kubernetes-int-or-string": true, allOf: [{ anyOf: both }, { pattern: "x" }] }),
      [],
    );
  });

  it("is what our own kinds have", () => {
    for (const definition of ownDefinitions()) assert.deepEqual(definitionSchemaProblems(definition), []);
  });
});
