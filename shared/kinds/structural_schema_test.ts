import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { z } from "zod";
import { structuralSchema } from "./structural_schema.ts";

describe("a zod schema that a structural schema can say", () => {
  it("keeps defaults, bounds and metadata, and drops what only JavaScript needs", () => {
    const schema = z.object({
      count: z.int().min(1).optional(),
      path: z.string().startsWith("/").default("/").describe("A path."),
      labels: z.record(z.string(), z.string()),
      names: z.array(z.string()).meta({ "x-kubernetes-list-type": "set" }).optional(),
    });
    assert.deepEqual(structuralSchema(schema), {
      type: "object",
      properties: {
        count: { type: "integer", minimum: 1 },
        path: { type: "string", pattern: "^\\/.*", default: "/", description: "A path." },
        labels: { type: "object", additionalProperties: { type: "string" } },
        names: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
      },
      required: ["labels"],
    });
  });
});

describe("a zod schema that a structural schema cannot say", () => {
  it("is refused with the place and the keyword", () => {
    const schema = z.object({ a: z.array(z.union([z.string(), z.int()])) });
    assert.throws(() => structuralSchema(schema), /Cannot generate a structural schema: \.a\[\] uses anyOf/);
  });
});
