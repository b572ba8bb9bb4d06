import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { conditionOf } from "@servicelet/shared/krm";
import { type CoordinatedPlane, startCoordinatedPlane } from "./testdata/coordinated_plane.ts";

const LEASES = "coordination.k8s.io/leases";
const RUNTIME = "servicelet.dev/serviceruntimes//site-1";

async function lease(plane: CoordinatedPlane): Promise<void> {
  const document = {
    metadata: { name: "site-1" },
    spec: { leaseDurationSeconds: 40, holderIdentity: "site-1" },
  };
  await plane.create(LEASES, document, "servicelet-system");
}

function renew(plane: CoordinatedPlane): Promise<unknown> {
  return plane.update(`${LEASES}/servicelet-system/site-1`, (document) => {
    document["spec"].renewTime = new Date(plane.clock.now()).toISOString().replace("Z", "000Z");
  });
}

const ready = (plane: CoordinatedPlane) => conditionOf(plane.get(RUNTIME) ?? {}, "Ready")?.status;

describe("a service runtime", () => {
  it("stays Ready while its lease is renewed", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    await lease(plane);
    for (let i = 0; i < 20; i++) {
      await plane.clock.advance(10_000);
      await renew(plane);
    }
    assert.equal(ready(plane), "True");
  });

  it("is Unknown once its lease has run out, and no earlier", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    await plane.clock.advance(5_000);
    await lease(plane);
    await plane.clock.advance(10_000);
    await renew(plane);
    await plane.clock.advance(39_999);
    assert.equal(ready(plane), "True");
    await plane.clock.advance(1);
    assert.match(await plane.reason(RUNTIME, "Ready", "LeaseExpired"), /has not renewed its lease/);
    assert.equal(ready(plane), "Unknown");
  });

  it("is Unknown where it never had a lease, or lost it", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    await plane.clock.advance(40_000);
    await plane.reason(RUNTIME, "Ready", "LeaseExpired");
  });

  it("gets no new orders while it is Unknown, and again once it has reported", async () => {
    await using plane = await startCoordinatedPlane();
    await plane.site("site-1");
    await plane.clock.advance(40_000);
    await plane.reason(RUNTIME, "Ready", "LeaseExpired");
    const ref = await plane.order("web");
    assert.equal(
      await plane.reason(ref, "Scheduled", "NoSuitableRuntime"),
      "0 of 1 runtime fits: 1 is not ready; change the order, or have a runtime that fits: it is assigned as soon as there is one",
    );
    await plane.update(RUNTIME, (document) => {
      document["status"].conditions = [{
        ...document["status"].conditions[0],
        status: "True",
        reason: "Ready",
      }];
    }, "status");
    await plane.reason(ref, "Scheduled", "Scheduled");
  });
});
