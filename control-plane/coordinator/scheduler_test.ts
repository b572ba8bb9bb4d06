import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { TEARDOWN_FINALIZER } from "@servicelet/shared/kinds";
import type { KubeObject } from "@servicelet/shared/krm";
import { startCoordinatedPlane } from "./testdata/coordinated_plane.ts";

const SITE = "servicelet.dev/serviceruntimes//";
const assigned = (document: KubeObject | undefined) => document?.["spec"].serviceRuntimeName !== undefined;

describe("an order", () => {
  it("is assigned to a runtime that fits, with the finalizer in the same write, and says so", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    const ref = await plane.order("web");
    const first = await plane.until(ref, assigned);
    assert.equal(first?.["spec"].serviceRuntimeName, "site-1");
    assert.deepEqual(first?.metadata.finalizers, [TEARDOWN_FINALIZER]);
    assert.equal(await plane.reason(ref, "Scheduled", "Scheduled"), "Assigned to site-1");
  });

  it("is assigned within milliseconds", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    await plane.until(await plane.order("warm"), assigned);
    const start = performance.now();
    await plane.until(await plane.order("web"), assigned);
    const ms = performance.now() - start;
    assert.ok(ms < 20, `it took ${ms} ms`);
  });

  it("that a consumer assigned himself stays where he wants it", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    await plane.site("site-2");
    const ref = await plane.order("web", { serviceRuntimeName: "site-2" });
    await plane.reason(ref, "Scheduled", "Preset");
    assert.equal(plane.get(ref)?.["spec"].serviceRuntimeName, "site-2");
    assert.deepEqual(plane.get(ref)?.metadata.finalizers, [TEARDOWN_FINALIZER]);
  });

  it("for a runtime that does not exist says so, and goes there once it does", async () => {
    await using plane = await startCoordinatedPlane();
    const ref = await plane.order("web", { serviceRuntimeName: "site-9" });
    assert.match(
      await plane.reason(ref, "Scheduled", "RuntimeNotFound"),
      /There is no ServiceRuntime "site-9": start/,
    );
    assert.equal(plane.get(ref)?.metadata.finalizers, undefined);
    await plane.site("site-9");
    await plane.reason(ref, "Scheduled", "Preset");
  });

  it("that its consumer moves says where it is; moved to nowhere it is not Ready, and may come back", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    await plane.site("site-2");
    const ref = await plane.order("web", { serviceRuntimeName: "site-1" });
    await plane.reason(ref, "Scheduled", "Preset");
    const move = (name: string) =>
      plane.update(ref, (document) => void (document["spec"].serviceRuntimeName = name));
    await move("site-2");
    assert.equal(await plane.reason(ref, "Scheduled", "Scheduled"), "Assigned to site-2");
    await move("site-9");
    await plane.reason(ref, "Scheduled", "RuntimeNotFound");
    await plane.reason(ref, "Ready", "RuntimeNotFound");
    await move("site-1");
    assert.equal(await plane.reason(ref, "Scheduled", "Scheduled"), "Assigned to site-1");
    await plane.reason(ref, "Ready", "Assigned");
  });

  it("that nothing fits explains itself, and is assigned as soon as something does", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1", { region: "us" });
    const ref = await plane.order("web", { placement: { regions: ["eu"] } });
    const why = await plane.reason(ref, "Scheduled", "NoSuitableRuntime");
    assert.match(
      why,
      /^0 of 1 runtime fits: 1 is in region us \(spec\.placement\.regions wants eu\); change the order/,
    );
    assert.equal(await plane.reason(ref, "Ready", "NoSuitableRuntime"), why);
    await plane.site("site-2", { region: "eu" });
    assert.equal((await plane.until(ref, assigned))?.["spec"].serviceRuntimeName, "site-2");
  });

  it("that finds no memory is assigned once another one has gone", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1", { memory: "1Gi" });
    const resources = { requests: { memory: "600Mi" } };
    const first = await plane.order("first", { resources });
    await plane.reason(first, "Scheduled", "Scheduled");
    const second = await plane.order("second", { resources });
    assert.match(
      await plane.reason(second, "Scheduled", "NoSuitableRuntime"),
      /^0 of 1 runtime fits: 1 has less than 600Mi of memory left /,
    );
    await plane.delete(first);
    await plane.update(first, (document) => void (document.metadata.finalizers = []));
    await plane.until(second, assigned);
  });

  it("is spread: many at once go to the least loaded runtimes", async () => {
    await using plane = await startCoordinatedPlane();
    for (const name of ["site-1", "site-2", "site-3"]) await plane.site(name);
    const refs = await Promise.all(Array.from({ length: 30 }, (_, i) => plane.order(`web-${i}`)));
    const runtimes = await Promise.all(
      refs.map(async (ref) => (await plane.until(ref, assigned))?.["spec"].serviceRuntimeName),
    );
    const counts = Object.values(Object.groupBy(runtimes, (name) => name)).map((all) => all?.length);
    assert.deepEqual(counts, [10, 10, 10]);
  });

  it("whose condition was overwritten gets it again", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    const ref = await plane.order("web");
    await plane.reason(ref, "Scheduled", "Scheduled");
    await plane.update(ref, (document) => void (document["status"] = { conditions: [] }), "status");
    await plane.reason(ref, "Scheduled", "Scheduled");
  });
});

describe("an order that is deleted", () => {
  it("is let go where its runtime is gone, for nobody else would", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    const ref = await plane.order("web");
    await plane.reason(ref, "Scheduled", "Scheduled");
    await plane.delete(ref);
    assert.ok(plane.get(ref)?.metadata.deletionTimestamp, "its servicelet takes the finalizer off");
    await plane.delete(`${SITE}site-1`);
    await plane.until(ref, (document) => document === undefined);
  });
});
