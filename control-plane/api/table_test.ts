import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import type { KubeObject } from "@servicelet/shared/krm";
import { configMaps } from "../registry/builtin/config_map.ts";
import { customResourceDefinitions } from "../registry/builtin/custom_resource_definition.ts";
import { humanDuration } from "./age.ts";
import { tableOf } from "./table.ts";

const created = "2026-01-01T00:00:00Z";
const now = Date.parse(created) + 90_000;
const document: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", creationTimestamp: created },
  data: { k: "v" },
};
const options = {
  apiVersion: "meta.k8s.io/v1",
  metadata: { resourceVersion: "7" },
  headers: true,
  now,
} as const;

describe("a table", () => {
  it("has cells, ages, and the metadata of each document", () => {
    const table = tableOf(configMaps(), [document], { ...options, includeObject: "Metadata" });
    assert.equal(table["kind"], "Table");
    assert.deepEqual(table["metadata"], { resourceVersion: "7" });
    assert.deepEqual(table["rows"], [{
      cells: ["a", "1", "90s"],
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: document.metadata },
    }]);
  });

  it("carries the whole document or nothing where that is asked for", () => {
    const row = (includeObject: "None" | "Object") =>
      (tableOf(configMaps(), [document], { ...options, includeObject })["rows"] as { object: unknown }[])[0]
        ?.object;
    assert.equal(row("None"), null);
    assert.deepEqual(row("Object"), document);
  });

  it("leaves out the columns' definitions after the first one of a watch", () => {
    const table = tableOf(configMaps(), [], { ...options, includeObject: "None", headers: false });
    assert.equal(table["columnDefinitions"], null);
  });

  it("shows when a definition was created as a time", () => {
    const crds = customResourceDefinitions(() => undefined);
    const [row] = tableOf(crds, [document], { ...options, includeObject: "None" })["rows"] as {
      cells: unknown[];
    }[];
    assert.deepEqual(row?.cells, ["a", created]);
  });
});

describe("an age", () => {
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
  const cases: [number, string][] = [
    [-5 * second, "<invalid>"],
    [0, "0s"],
    [119 * second, "119s"],
    [2 * minute, "2m"],
    [5 * minute + 3 * second, "5m3s"],
    [10 * minute + 3 * second, "10m"],
    [3 * hour + 2 * minute, "3h2m"],
    [9 * hour + 2 * minute, "9h"],
    [2 * day + hour, "2d1h"],
    [10 * day, "10d"],
    [800 * day, "2y70d"],
    [9 * 365 * day, "9y"],
  ];
  for (const [ms, text] of cases) {
    it(`of ${ms / 1000} s is ${text}`, () => assert.equal(humanDuration(ms), text));
  }
});
