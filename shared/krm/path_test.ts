import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { documentPath } from "./mod.ts";

describe("the path of a document", () => {
  it("says group, namespace, name and subresource as far as there are any", () => {
    const trees = { group: "example.com", version: "v1", plural: "trees" };
    assert.equal(documentPath(trees), "/apis/example.com/v1/trees");
    assert.equal(documentPath({ ...trees, namespace: "a" }), "/apis/example.com/v1/namespaces/a/trees");
    assert.equal(
      documentPath({ ...trees, namespace: "a", name: "oak", subresource: "status" }),
      "/apis/example.com/v1/namespaces/a/trees/oak/status",
    );
    assert.equal(
      documentPath({ group: "", version: "v1", plural: "namespaces", name: "a" }),
      "/api/v1/namespaces/a",
    );
  });

  it("encodes what would change its meaning", () => {
    const path = documentPath({ group: "", version: "v1", plural: "x", name: "a/b?c#d %" });
    assert.equal(path, "/api/v1/x/a%2Fb%3Fc%23d%20%25");
  });
});
