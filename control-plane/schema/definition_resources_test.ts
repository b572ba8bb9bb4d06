import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import type { KubeObject } from "@servicelet/shared/krm";
import { definitionSchemaProblems, resourcesOfDefinition } from "./mod.ts";

function definition(version: Record<string, unknown> = {}): KubeObject {
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: {
        spec: {
          type: "object",
          properties: { color: { type: "string" }, big: { type: "boolean" }, list: { type: "object" } },
        },
      },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.acme.example" },
    spec: {
      group: "acme.example",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget" },
      versions: [
        { name: "v1", served: true, storage: true, schema, ...version },
        { name: "v1beta1", served: true, storage: false, schema },
        { name: "v1alpha1", served: false, storage: false, schema },
      ],
    },
  };
}

const document: KubeObject = {
  apiVersion: "acme.example/v1",
  kind: "Widget",
  metadata: { name: "a", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { color: "red", big: true, count: 3 },
};

describe("the resources of a definition", () => {
  it("are its served versions, with names that follow from the kind", () => {
    const resources = resourcesOfDefinition(definition({ subresources: { status: {} } }));
    assert.deepEqual(resources.map(({ version }) => version), ["v1", "v1beta1"]);
    const [first] = resources;
    assert.equal(first?.singular, "widget");
    assert.equal(first?.listKind, "WidgetList");
    assert.deepEqual(first?.subresources, ["status"]);
    assert.deepEqual(resources[1]?.subresources, []);
    assert.equal(resources[1]?.storageVersion, "v1");
  });

  it("have name and age for columns, or what the definition says", () => {
    const [plain] = resourcesOfDefinition(definition());
    assert.deepEqual(plain?.columns.map(({ name }) => name), ["Name", "Age"]);
    const additionalPrinterColumns = [
      { name: "Color", type: "string", jsonPath: ".spec.color" },
      { name: "Count", type: "integer", jsonPath: ".spec.count" },
      { name: "Odd", type: "integer", jsonPath: ".spec.color" },
      { name: "Spec", type: "string", jsonPath: ".spec" },
      { name: "None", type: "string", jsonPath: ".status.none" },
    ];
    const [rich] = resourcesOfDefinition(definition({ additionalPrinterColumns }));
    assert.deepEqual(rich?.columns.map((column) => column.cell(document)), [
      "a",
      "red",
      3,
      null,
      '{"color":"red","big":true,"count":3}',
      null,
    ]);
  });

  it("have fields that can be selected, as text", () => {
    const selectableFields = [{ jsonPath: ".spec.color" }, { jsonPath: ".spec.big" }];
    const [resource] = resourcesOfDefinition(definition({ selectableFields }));
    assert.equal(resource?.fields["spec.color"]?.(document), "red");
    assert.equal(resource?.fields["spec.big"]?.(document), "true");
    assert.equal(resource?.fields["spec.big"]?.({ ...document, spec: {} }), "");
  });
});

describe("a definition with wrong columns or fields", () => {
  it("is refused with the path of each", () => {
    const found = definitionSchemaProblems(definition({
      additionalPrinterColumns: [{ name: "A", type: "text", jsonPath: "spec..a(" }, {}],
      selectableFields: [{ jsonPath: ".metadata.name" }, { jsonPath: ".spec.list" }, {
        jsonPath: ".spec.none",
      }],
    }));
    assert.deepEqual(found.map(({ path }) => path.replace("spec.versions[0].", "")), [
      "additionalPrinterColumns[0].type",
      "additionalPrinterColumns[0].JSONPath",
      "additionalPrinterColumns[1].name",
      "additionalPrinterColumns[1].type",
      "additionalPrinterColumns[1].JSONPath",
      "selectableFields[0].jsonPath",
      "selectableFields[1].jsonPath",
      "selectableFields[2].jsonPath",
    ]);
  });
});
