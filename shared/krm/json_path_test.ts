import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { InvalidField, jsonPathOf } from "./mod.ts";

const document = {
  metadata: { labels: { "example.com/team": "a", plain: "b" } },
  spec: {
    ports: [{ name: "http", port: 80 }, { name: "admin", port: 81, off: false }],
    nothing: null,
    "odd'": 1,
  },
  status: {
    conditions: [{ type: "Started", status: "True" }, {
      type: "Ready",
      status: "False",
      note: "x (y) == ']'",
    }],
  },
};

describe("a path of a printer column", () => {
  const cases: [path: string, value: unknown][] = [
    [".spec.ports[0].port", 80],
    [".spec.ports[-1].port", 81],
    [".spec.ports[*].name", "http"],
    [".spec.ports.*.name", "http"],
    ["{.spec.ports[1].name}", "admin"],
    ["$.spec.ports[1].name", "admin"],
    [".metadata.labels.example\\.com/team", "a"],
    [".metadata.labels['example.com/team']", "a"],
    [".metadata.labels['example\\.com/team']", "a"],
    ['.metadata["labels"].plain', "b"],
    [".spec['odd\\'']", 1],
    ['.status.conditions[?(@.type=="Ready")].status', "False"],
    [".status.conditions[?(@.type == 'Ready')].status", "False"],
    [".status.conditions[?(@.note==\"x (y) == ']'\")].type", "Ready"],
    [".status.conditions[?(@.type!='Started')].type", "Ready"],
    [".status.conditions[?(@.note)].type", "Ready"],
    [".spec.ports[?(@.port>80)].name", "admin"],
    [".spec.ports[?(@.port<=80)].name", "http"],
    [".spec.ports[?(@.off==false)].name", "admin"],
    [".spec.nothing", null],
    [".spec.missing.further", undefined],
    [".spec.ports[7].name", undefined],
    [".spec.ports.name", undefined],
    ['.status.conditions[?(@.type=="Gone")].status', undefined],
    [".constructor", undefined],
  ];
  for (const [path, value] of cases) {
    it(`${path} finds ${JSON.stringify(value)}`, () => assert.deepEqual(jsonPathOf(path)(document), value));
  }

  it("finds nothing in a document without the parts", () => {
    for (const empty of [{}, null, undefined, "text"]) {
      assert.equal(jsonPathOf('.status.conditions[?(@.type=="Ready")].status')(empty), undefined);
    }
  });

  it("finds the whole document where it is only a dot", () =>
    assert.equal(jsonPathOf(".")(document), document));
});

describe("a path that is none", () => {
  for (const path of ["", "a", ".a b", ".a[", ".a[b]", ".a[?(@.x=)]", ".a[?(@.x==y)]", "..a", ".a."]) {
    it(`is refused with what was given: ${JSON.stringify(path)}`, () => {
      assert.throws(() => jsonPathOf(path, "spec.jsonPath"), (error) => {
        assert.ok(error instanceof InvalidField);
        assert.deepEqual([error.path, error.value], ["spec.jsonPath", path]);
        return true;
      });
    });
  }
});
