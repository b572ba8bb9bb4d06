import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import { invalid, type JsonObject, type KubeObject } from "@servicelet/shared/krm";
import { compileSchema } from "./mod.ts";

function widget(spec: unknown): KubeObject {
  return { apiVersion: "acme.example/v1", kind: "Widget", metadata: { name: "a" }, spec };
}

function schemaOf(properties: JsonObject, more: JsonObject = {}): ReturnType<typeof compileSchema> {
  return compileSchema({ type: "object", properties: { spec: { type: "object", properties, ...more } } });
}

/** What a client reads of the violations. */
function messages(schema: ReturnType<typeof compileSchema>, spec: unknown): string[] {
  const problems = schema.validate(widget(spec));
  if (problems.length === 0) return [];
  return (invalid({ kind: "Widget", group: "acme.example" }, "a", problems).details.causes ?? [])
    .map(({ field, message }) => `${field}: ${message}`);
}

describe("validation of a document", () => {
  const cases: [string, JsonObject, unknown, string[]][] = [
    ["a wrong type", { n: { type: "integer" } }, { n: "1" }, [
      'spec.n: Invalid value: "string": spec.n in body must be of type integer: "string"',
    ]],
    ["a whole number in place of a number", { n: { type: "number" } }, { n: 1 }, []],
    ["a fraction in place of an integer", { n: { type: "integer" } }, { n: 1.5 }, [
      'spec.n: Invalid value: "number": spec.n in body must be of type integer: "number"',
    ]],
    ["null where null may not be", { n: { type: "string" } }, { n: null }, [
      'spec.n: Invalid value: "null": spec.n in body must be of type string: "null"',
    ]],
    ["null where it may be", { n: { type: "string", nullable: true, enum: ["a"] } }, { n: null }, []],
    ["a value that is not in the enum", { n: { type: "string", enum: ["a", "b"] } }, { n: "c" }, [
      'spec.n: Unsupported value: "c": supported values: "a", "b"',
    ]],
    [
      "numbers out of bounds",
      {
        a: { type: "integer", minimum: 1 },
        b: { type: "integer", maximum: 1, exclusiveMaximum: true },
        c: { type: "integer", multipleOf: 5 },
        d: { type: "integer", format: "int32" },
      },
      { a: 0, b: 1, c: 7, d: 2 ** 31 },
      [
        "spec.a: Invalid value: 0: spec.a in body should be greater than or equal to 1",
        "spec.b: Invalid value: 1: spec.b in body should be less than 1",
        "spec.c: Invalid value: 7: spec.c in body should be a multiple of 5",
        "spec.d: Invalid value: 2147483648: spec.d in body must be of type integer with format int32",
      ],
    ],
    [
      "texts of a wrong length, counted in code points",
      {
        a: { type: "string", maxLength: 2 },
        b: { type: "string", minLength: 2 },
        c: { type: "string", maxLength: 2 },
      },
      { a: "abc", b: "😀", c: "😀😀" },
      [
        "spec.a: Too long: may not be more than 2 bytes",
        'spec.b: Invalid value: "😀": spec.b in body should be at least 2 chars long',
      ],
    ],
    ["a text that does not match", { a: { type: "string", pattern: "^[a-z]+$" } }, { a: "A" }, [
      "spec.a: Invalid value: \"A\": spec.a in body should match '^[a-z]+$'",
    ]],
    ["a text of a wrong format", { a: { type: "string", format: "date-time" } }, { a: "yesterday" }, [
      'spec.a: Invalid value: "yesterday": spec.a in body must be of type date-time: "yesterday"',
    ]],
    ["an unknown format", { a: { type: "string", format: "horse" } }, { a: "x" }, []],
    [
      "lists of a wrong size, items of a wrong type",
      {
        a: { type: "array", minItems: 2, items: { type: "integer" } },
        b: { type: "array", maxItems: 1, items: { type: "integer" } },
      },
      { a: ["x"], b: [1, 2] },
      [
        'spec.a[0]: Invalid value: "string": spec.a[0] in body must be of type integer: "string"',
        "spec.a: Invalid value: 1: spec.a in body should have at least 2 items",
        "spec.b: Too many: 2: must have at most 1 items",
      ],
    ],
    [
      "a set with an item twice",
      {
        a: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
      },
      { a: ["x", "y", "x"] },
      ['spec.a[2]: Duplicate value: "x"'],
    ],
    [
      "a map with a key twice",
      {
        a: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name", "port"],
          items: { type: "object", properties: { name: { type: "string" }, port: { type: "integer" } } },
        },
      },
      { a: [{ name: "x", port: 1 }, { name: "x", port: 2 }, { port: 1, name: "x" }] },
      [
        'spec.a[2]: Duplicate value: {"name":"x","port":1}',
      ],
    ],
    ["values of a map", { m: { type: "object", additionalProperties: { type: "integer" } } }, {
      m: { a: 1, b: "x" },
    }, [
      'spec.m.b: Invalid value: "string": spec.m.b in body must be of type integer: "string"',
    ]],
    ["an int-or-string", {
      p: { "x-kubernetes-int-or-string": true },
      q: { "x-kubernetes-int-or-string": true },
    }, {
      p: 80,
      q: true,
    }, ['spec.q: Invalid value: "boolean": spec.q in body must be of type integer,string: "boolean"']],
    [
      "a document in a document that does not say what it is",
      {
        t: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          "x-kubernetes-preserve-unknown-fields": true,
        },
      },
      { t: { kind: "Pod" } },
      ["spec.t.apiVersion: Required value: must not be empty"],
    ],
  ];
  for (const [situation, properties, spec, expected] of cases) {
    it(`${expected.length === 0 ? "takes" : "refuses"} ${situation}`, () => {
      assert.deepEqual(messages(schemaOf(properties), spec), expected);
    });
  }

  it("names a required field that is missing", () => {
    assert.deepEqual(messages(schemaOf({}, { required: ["a"] }), {}), ["spec.a: Required value"]);
  });

  it("says how many alternatives of oneOf fit, and what the nearest one lacks", () => {
    const schema = schemaOf({ a: { type: "string" }, b: { type: "string" } }, {
      oneOf: [{ required: ["a"] }, { required: ["b"] }],
    });
    assert.deepEqual(messages(schema, { a: "x" }), []);
    assert.deepEqual(messages(schema, {}), [
      '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid',
      "spec.a: Required value",
    ]);
    assert.deepEqual(messages(schema, { a: "x", b: "y" }), [
      '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ]);
  });

  it("combines schemas by allOf, anyOf and not", () => {
    const schema = schemaOf({ n: { type: "integer" } }, {
      allOf: [{ properties: { n: { minimum: 1 } } }],
      anyOf: [{ properties: { n: { maximum: 5 } } }, { properties: { n: { multipleOf: 10 } } }],
      not: { properties: { n: { enum: [3] } } },
    });
    assert.deepEqual(messages(schema, { n: 2 }), []);
    assert.deepEqual(messages(schema, { n: 20 }), []);
    assert.equal(
      messages(schema, { n: 3 }).join(),
      '<nil>: Invalid value: "": "spec" must not validate the schema (not)',
    );
    assert.match(messages(schema, { n: 7 }).join(), /must validate at least one schema \(anyOf\)/);
    assert.match(
      messages(schema, { n: 0 }).join(),
      /"spec" must validate all the schemas \(allOf\). None validated/,
    );
  });

  it("reads a field called like a property of every object", () => {
    const schema = schemaOf({ constructor: { type: "integer" } }, { required: ["toString"] });
    assert.deepEqual(messages(schema, {}), ["spec.toString: Required value"]);
  });
});

describe("pruning of a document", () => {
  const schema = schemaOf({
    known: { type: "string" },
    open: {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
      properties: { strict: { type: "object", properties: { a: { type: "string" } } } },
    },
    list: { type: "array", items: { type: "object", properties: { a: { type: "string" } } } },
    map: { type: "object", additionalProperties: { type: "object", properties: { a: { type: "string" } } } },
    template: {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      properties: { spec: { type: "object", properties: { a: { type: "string" } } } },
    },
  });

  it("removes what the schema does not know and answers where it was", () => {
    const document = widget({
      known: "x",
      unknown: 1,
      open: { anything: { goes: 1 }, strict: { a: "x", b: 1 } },
      list: [{ a: "x" }, { b: 1 }],
      map: { k: { a: "x", b: 1 } },
      template: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", any: 1 },
        spec: { a: "x" },
        status: {},
      },
    });
    document["extra"] = true;
    assert.deepEqual(schema.prune(document), [
      "extra",
      "spec.list[1].b",
      "spec.map.k.b",
      "spec.open.strict.b",
      "spec.template.status",
      "spec.unknown",
    ]);
    assert.deepEqual(document["spec"], {
      known: "x",
      open: { anything: { goes: 1 }, strict: { a: "x" } },
      list: [{ a: "x" }, {}],
      map: { k: { a: "x" } },
      template: { apiVersion: "v1", kind: "Pod", metadata: { name: "p", any: 1 }, spec: { a: "x" } },
    });
  });

  it("leaves a document alone that has nothing unknown", () => {
    assert.deepEqual(schema.prune(widget({ known: "x" })), []);
  });
});

describe("defaulting of a document", () => {
  const schema = compileSchema({
    type: "object",
    properties: {
      spec: {
        type: "object",
        default: {},
        properties: {
          size: { type: "integer", default: 3 },
          name: { type: "string" },
          maybe: { type: "string", nullable: true, default: "x" },
          list: {
            type: "array",
            items: { type: "object", properties: { port: { type: "integer", default: 80 } } },
          },
        },
      },
    },
  });

  it("fills in defaults, also below those that were just filled in", () => {
    const document = widget(undefined);
    delete document["spec"];
    schema.applyDefaults(document);
    assert.deepEqual(document["spec"], { size: 3, maybe: "x" });
  });

  it("replaces or drops a null that may not be, and keeps one that may", () => {
    const document = widget({ size: null, name: null, maybe: null, list: [{}, { port: 1 }] });
    schema.applyDefaults(document);
    assert.deepEqual(document["spec"], { size: 3, maybe: null, list: [{ port: 80 }, { port: 1 }] });
  });

  it("gives each document a default of its own", () => {
    const [one, other] = [widget(undefined), widget(undefined)];
    for (const document of [one, other]) {
      delete document["spec"];
      schema.applyDefaults(document);
    }
    one["spec"].size = 7;
    assert.equal(other["spec"].size, 3);
  });
});
