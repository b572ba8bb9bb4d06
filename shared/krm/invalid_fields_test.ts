import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { invalid, InvalidField } from "./mod.ts";

const tree = { kind: "Tree", group: "example.com" };

describe("a document with fields that cannot be taken", () => {
  it("is answered with 422 in Kubernetes' form, one cause per field", () => {
    const error = invalid(tree, "oak", [
      new InvalidField("spec.height", "tall", "must be a number", "FieldValueTypeInvalid"),
      new InvalidField("spec.kind", undefined, "", "FieldValueRequired"),
      new InvalidField("spec.leaf", "x", 'supported values: "a", "b"', "FieldValueNotSupported"),
      new InvalidField("spec.rings", 3, "may not be changed", "FieldValueForbidden"),
    ]);
    assert.equal(
      error.message,
      'Tree.example.com "oak" is invalid: [spec.height: Invalid value: "tall": must be a number, spec.kind: Required value, ' +
        'spec.leaf: Unsupported value: "x": supported values: "a", "b", spec.rings: Forbidden: may not be changed]',
    );
    assert.equal(error.code, 422);
    assert.deepEqual(error.details, {
      name: "oak",
      group: "example.com",
      kind: "Tree",
      causes: [
        {
          reason: "FieldValueTypeInvalid",
          message: 'Invalid value: "tall": must be a number',
          field: "spec.height",
        },
        { reason: "FieldValueRequired", message: "Required value", field: "spec.kind" },
        {
          reason: "FieldValueNotSupported",
          message: 'Unsupported value: "x": supported values: "a", "b"',
          field: "spec.leaf",
        },
        { reason: "FieldValueForbidden", message: "Forbidden: may not be changed", field: "spec.rings" },
      ],
    });
  });

  it("says a single field without brackets, and the core group not at all", () => {
    const error = invalid({ kind: "Secret", group: "" }, "a", [
      new InvalidField("type", "b", "field is immutable"),
    ]);
    assert.equal(error.message, 'Secret "a" is invalid: type: Invalid value: "b": field is immutable');
    assert.equal("group" in error.details, false);
  });
});
