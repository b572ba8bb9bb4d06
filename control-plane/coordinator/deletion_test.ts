import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { startCoordinatedPlane } from "./testdata/coordinated_plane.ts";

describe("a namespace that is deleted", () => {
  it("disappears with all that is in it", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.create("/namespaces", { metadata: { name: "shop" } });
    await plane.create("/configmaps", { metadata: { name: "a" } }, "shop");
    await plane.delete("/namespaces//shop");
    await plane.until("/namespaces//shop", (document) => document === undefined);
    assert.equal(plane.get("/configmaps/shop/a"), undefined);
  });

  it("waits for finalizers, and says so", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.create("/namespaces", { metadata: { name: "shop" } });
    await plane.create("/configmaps", { metadata: { name: "a", finalizers: ["example.org/wait"] } }, "shop");
    await plane.delete("/namespaces//shop");
    assert.equal(
      await plane.reason("/namespaces//shop", "NamespaceFinalizersRemaining", "SomeFinalizersRemain"),
      "1 document waits for finalizers to be removed",
    );
    await plane.update("/configmaps/shop/a", (document) => void (document.metadata.finalizers = []));
    await plane.clock.advance(1_000);
    await plane.until("/namespaces//shop", (document) => document === undefined);
  });
});

describe("a definition that is deleted", () => {
  it("disappears with its documents", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.create("apiextensions.k8s.io/customresourcedefinitions", {
      metadata: { name: "widgets.example.org" },
      spec: {
        group: "example.org",
        scope: "Namespaced",
        names: { plural: "widgets", kind: "Widget" },
        versions: [{
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object" } },
        }],
      },
    });
    await plane.create("example.org/widgets", { metadata: { name: "a" } }, "default");
    const gone = plane.until("example.org/widgets/default/a", (document) => document === undefined);
    const definition = "apiextensions.k8s.io/customresourcedefinitions//widgets.example.org";
    await plane.delete(definition);
    await gone;
    await plane.until(definition, (document) => document === undefined);
  });
});

describe("Events", () => {
  it("are kept for an hour", async () => {
    await using plane = await startCoordinatedPlane();
    const event = {
      metadata: { name: "e" },
      involvedObject: { kind: "ConfigMap", name: "a", namespace: "default" },
    };
    await plane.create("/events", event, "default");
    await plane.clock.advance(55 * 60_000);
    assert.ok(plane.get("/events/default/e"));
    await plane.clock.advance(11 * 60_000);
    await plane.until("/events/default/e", (document) => document === undefined);
  });
});
