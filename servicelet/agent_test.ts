import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { TaskError } from "@servicelet/runtimes";
import { conditionOf } from "@servicelet/shared/krm";
import { startStory, StorySite } from "./testdata/site.ts";

const probe = {
  httpGet: { path: "/", port: 80 },
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  failureThreshold: 3,
};

describe("a servicelet that starts for the first time", () => {
  it("registers although its disk is slow", async () => {
    await using site = new StorySite();
    const disk = Promise.withResolvers<void>();
    const { list } = site.files;
    site.files.list = async (folder) => (await disk.promise, list(folder));
    const starting = site.start();
    try {
      await site.settle();
      equal(conditionOf(site.runtime(), "Ready")?.status, "True");
    } finally {
      disk.resolve();
      await starting;
    }
  });

  it("makes its ServiceRuntime and its lease", async () => {
    await using site = await startStory();
    const runtime = site.runtime();
    equal(runtime["spec"].region, "eu");
    deepEqual(runtime.metadata.labels, { tier: "edge" });
    equal(conditionOf(runtime, "Ready")?.status, "True");
    deepEqual(runtime["status"].runtimes, [{ type: "process", available: true, version: "mock" }]);
    deepEqual(runtime["status"].capacity, { cpu: 2, memory: "1Gi" });
    const lease = site.controlPlane.documents.get(
      "/apis/coordination.k8s.io/v1/namespaces/servicelet-system/leases/site-1",
    );
    equal(lease?.["spec"].holderIdentity, "site-1");
    const renewed = lease?.["spec"].renewTime;
    await site.pass(10_000);
    notEqual(
      site.controlPlane.documents.get(
        "/apis/coordination.k8s.io/v1/namespaces/servicelet-system/leases/site-1",
      )
        ?.["spec"].renewTime,
      renewed,
    );
  });
});

describe("an order", () => {
  it("is prepared, started and Ready", async () => {
    await using site = await startStory();
    site.order("web", { ports: [{ name: "http", port: 8080 }] });
    await site.settle();
    equal(site.condition("web", "Prepared"), "True Prepared");
    equal(site.condition("web", "Started"), "True Started");
    equal(site.condition("web", "Ready"), "True Running");
    const { status } = site.document("web");
    equal(status.process.pid, site.pid("web"));
    equal(status.observedGeneration, 1);
    deepEqual(status.endpoints, [{ name: "http", address: "10.0.0.7:8080" }]);
  });

  it("with a readiness probe is Ready with the first good answer", async () => {
    await using site = await startStory();
    site.behave("web", { unwell: "nothing listens" });
    site.order("web", { readinessProbe: probe });
    await site.settle();
    equal(site.condition("web", "Ready"), "False Starting");
    await site.pass(300);
    site.behave("web", {});
    await site.pass(30);
    equal(site.condition("web", "Ready"), "True ProbeSucceeded");
  });

  it("that stops answering is not Ready after the threshold, and again when it answers", async () => {
    await using site = await startStory();
    site.order("web", { readinessProbe: probe });
    await site.settle();
    site.behave("web", { unwell: "no answer" });
    await site.pass(20_000);
    equal(site.condition("web", "Ready"), "True ProbeSucceeded");
    await site.pass(10_000);
    equal(site.condition("web", "Ready"), "False ProbeFailed");
    site.behave("web", {});
    await site.pass(10_000);
    equal(site.condition("web", "Ready"), "True ProbeSucceeded");
  });

  it("whose liveness probe fails is started again", async () => {
    await using site = await startStory();
    site.order("web", { livenessProbe: probe });
    await site.settle();
    const pid = site.pid("web");
    site.behave("web", { unwell: "no answer" });
    await site.pass(30_000);
    notEqual(site.pid("web"), pid);
    ok(site.pid("web"));
    equal(site.document("web")["status"].process.lastExit.reason, "LivenessProbeFailed");
  });

  it("sends nothing while nothing changes", async () => {
    await using site = await startStory();
    site.order("web", { readinessProbe: probe });
    await site.settle();
    const before = site.controlPlane.requests.filter((line) => line.includes("/web")).length;
    await site.pass(60_000);
    equal(site.controlPlane.requests.filter((line) => line.includes("/web")).length, before);
  });

  it("keeps the conditions that others wrote", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    const scheduled = {
      type: "Scheduled",
      status: "True",
      reason: "Bound",
      message: "",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    const path = [...site.controlPlane.documents.keys()].find((key) => key.endsWith("/web"))!;
    const document = site.document("web");
    site.controlPlane.put(path, {
      ...document,
      status: { ...document["status"], conditions: [...document["status"].conditions, scheduled] },
    });
    site.crash("web");
    await site.settle();
    equal(site.condition("web", "Scheduled"), "True Bound");
    equal(site.document("web")["status"].process.restarts, 1);
  });
});

describe("a process that crashes", () => {
  it("is started at once the first time, then after 1 s, 2 s, 4 s", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    site.crash("web");
    await site.settle();
    equal(site.count("start", "web"), 2);
    equal(site.condition("web", "Ready"), "True Running");
    for (const [n, ms] of [[3, 1_000], [4, 2_000], [5, 4_000]] as const) {
      site.crash("web", 3);
      await site.settle();
      equal(site.condition("web", "Started"), "False BackingOff");
      match(conditionOf(site.document("web"), "Started")!.message, /next start in/);
      await site.pass(ms - 10);
      equal(site.count("start", "web"), n - 1);
      await site.pass(20);
      equal(site.count("start", "web"), n);
    }
    const { process } = site.document("web")["status"];
    equal(process.restarts, 4);
    equal(process.lastExit.code, 3);
  });

  it("stays down where restartPolicy is Never, or OnFailure and it completed", async () => {
    await using site = await startStory();
    site.behave("once", { exitsWith: 0 });
    site.order("once", { restartPolicy: "OnFailure" });
    site.behave("fails", { exitsWith: 2 });
    site.order("fails", { restartPolicy: "Never" });
    await site.settle();
    await site.pass(60_000);
    equal(site.count("start", "once"), 1);
    equal(site.count("start", "fails"), 1);
    equal(site.condition("once", "Ready"), "False Completed");
    await site.stop();
    await site.start();
    await site.settle();
    equal(site.count("start", "once"), 0);
  });
});

describe("an order that is changed", () => {
  it("is stopped and started with the new revision", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    const pid = site.pid("web");
    site.order("web", { args: ["new"] });
    await site.settle();
    notEqual(site.pid("web"), pid);
    equal(site.condition("web", "Ready"), "True Running");
    equal(conditionOf(site.document("web"), "Ready")?.observedGeneration, 2);
    equal(site.document("web")["status"].process.restarts, 0);
  });

  it("keeps what runs where the new revision cannot be prepared, and takes the corrected one at once", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    const pid = site.pid("web");
    site.before = ({ method }) => {
      if (method === "prepare") {
        throw new TaskError("ChecksumMismatch", "Cannot use app.jar: wrong checksum", { terminal: true });
      }
    };
    site.order("web", { args: ["bad"] });
    await site.settle();
    equal(site.pid("web"), pid);
    equal(site.condition("web", "Prepared"), "False ChecksumMismatch");
    equal(site.condition("web", "Ready"), "True Running");
    equal(conditionOf(site.document("web"), "Ready")?.observedGeneration, 1);
    equal(site.document("web")["status"].observedGeneration, 2);
    await site.pass(300_000);
    equal(site.count("prepare", "web"), 2);

    site.before = () => {};
    site.order("web", { args: ["good"] });
    await site.settle();
    notEqual(site.pid("web"), pid);
    equal(site.condition("web", "Prepared"), "True Prepared");
  });

  it("breaks off a preparation that a newer version overtakes, and heals meanwhile", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    site.before = ({ method }) => method === "prepare" ? new Promise(() => {}) : undefined;
    site.order("web", { args: ["slow"] });
    await site.settle();
    site.crash("web");
    await site.settle();
    equal(site.condition("web", "Ready"), "True Running");
    await site.pass(1_000);
    equal(site.condition("web", "Prepared"), "False Preparing");
    const pid = site.pid("web");
    site.before = () => {};
    site.order("web", { args: ["fast"] });
    await site.settle();
    notEqual(site.pid("web"), pid);
    equal(site.condition("web", "Prepared"), "True Prepared");
  });

  it("whose start fails says why and is tried again", async () => {
    await using site = await startStory();
    let broken = true;
    site.before = ({ method }) => {
      if (method === "start" && broken) {
        throw new TaskError("PortInUse", "Cannot listen on port 80: process 9 does", { terminal: false });
      }
    };
    site.order("web");
    await site.settle();
    equal(site.condition("web", "Started"), "False PortInUse");
    broken = false;
    await site.pass(1_100);
    equal(site.condition("web", "Ready"), "True Running");
  });

  it("and which is corrected is started at once, and not once more as it was", async () => {
    await using site = await startStory();
    let broken = true;
    site.before = ({ method }) => {
      if (method === "start" && broken) {
        throw new TaskError("PortInUse", "Cannot listen on port 80: process 9 does", { terminal: false });
      }
      // From the moment on at which the correction is prepared.
      if (method === "prepare") broken = site.document("web")?.["spec"].args === undefined;
    };
    site.order("web");
    await site.settle();
    equal(site.condition("web", "Ready"), "False PortInUse");
    const before = site.count("start", "web");
    site.order("web", { args: ["other"] });
    await site.settle();
    equal(site.condition("web", "Ready"), "True Running");
    equal(site.count("start", "web"), before + 1);
  });

  it("or that cannot be prepared is not Ready for the same reason", async () => {
    await using site = await startStory();
    site.before = ({ method }) => {
      if (method === "prepare") throw new TaskError("NotAJar", "It is no jar", { terminal: false });
    };
    site.order("web");
    await site.settle();
    equal(site.condition("web", "Prepared"), "False NotAJar");
    equal(site.condition("web", "Ready"), "False NotAJar");
  });
});

describe("a servicelet whose control plane is away", () => {
  it("restarts what crashes, and tells when the control plane is back", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    site.controlPlane.cut({ away: true });
    site.crash("web");
    await site.pass(60_000);
    ok(site.pid("web"));
    equal(site.count("start", "web"), 2);
    site.controlPlane.reachable = true;
    await site.pass(2_000);
    equal(site.document("web")["status"].process.restarts, 1);
    equal(site.document("web")["status"].process.pid, site.pid("web"));
  });

  it("acts on a new order within two seconds of its return, without a complete view", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    site.controlPlane.cut({ away: true });
    await site.pass(300_000);
    site.order("late");
    site.controlPlane.reachable = true;
    await site.pass(1_700);
    ok(site.pid("late"));
  });

  it("starts everything from disk after a reboot", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    await site.stop();
    site.controlPlane.cut({ away: true });
    site.driver.reboot();
    await site.start();
    await site.settle();
    equal(site.count("start", "web"), 1);
    equal(site.count("prepare", "web"), 0);
    ok(site.pid("web"));
  });
});

describe("a servicelet that is started again", () => {
  it("adopts what runs and says nothing where nothing changed", async () => {
    await using site = await startStory();
    site.order("web", { readinessProbe: probe });
    await site.settle();
    const pid = site.pid("web");
    await site.stop();
    const { resourceVersion } = site.document("web").metadata;
    await site.start();
    await site.settle();
    equal(site.pid("web"), pid);
    equal(site.count("start", "web"), 0);
    equal(site.document("web").metadata.resourceVersion, resourceVersion);
  });

  it("learns the exit code of what ended meanwhile", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    await site.stop();
    site.crash("web", 42);
    await site.start();
    await site.settle();
    equal(site.document("web")["status"].process.lastExit.code, 42);
    ok(site.pid("web"));
  });

  it("adopts what was started and not yet written down", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    const pid = site.pid("web");
    await site.stop();
    site.files.texts.clear();
    await site.start();
    await site.settle();
    equal(site.pid("web"), pid);
    equal(site.count("start", "web"), 0);
    equal(site.condition("web", "Ready"), "True Running");
  });
});

describe("an order that is deleted", () => {
  it("is stopped, removed and let go", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    site.delete("web");
    await site.settle();
    equal(site.pid("web"), undefined);
    equal(site.count("remove", "web"), 1);
    equal(site.exists("web"), false);
    equal([...site.files.texts.keys()].some((name) => name.includes("web")), false);
  });

  it("is let go when the control plane is back, if it went away meanwhile", async () => {
    await using site = await startStory();
    site.order("web");
    site.behave("web", { ignoresTerm: true });
    await site.settle();
    site.delete("web");
    await site.settle();
    site.controlPlane.cut({ away: true });
    await site.pass(60_000);
    equal(site.pid("web"), undefined);
    ok(site.exists("web"));
    site.controlPlane.reachable = true;
    await site.pass(2_000);
    equal(site.exists("web"), false);
  });

  it("while the servicelet was away is stopped when it comes back, even where the history is forgotten", async () => {
    await using site = await startStory();
    site.order("web");
    site.order("other");
    await site.settle();
    await site.stop();
    site.lose("web");
    site.controlPlane.floor = ++site.controlPlane.revision;
    await site.start();
    await site.settle();
    equal(site.pid("web"), undefined);
    ok(site.pid("other"));
  });

  it("or assigned to another runtime stops here and keeps its finalizer", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    site.order("web", { serviceRuntimeName: "site-2" });
    await site.settle();
    equal(site.pid("web"), undefined);
    deepEqual(site.document("web").metadata.finalizers, ["servicelet.dev/teardown"]);
  });
});

describe("a control plane that comes back", () => {
  it("empty, as another one, removes nothing and is told of the orphans; the same order takes them over", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    const pid = site.pid("web");
    site.controlPlane.cut({ away: true });
    site.controlPlane.documents.clear();
    site.controlPlane.restore(1, "identity-2");
    await site.pass(120_000);
    equal(site.pid("web"), pid);
    deepEqual(site.runtime()["status"].orphaned, ["processapplications/default/web"]);

    site.order("web");
    await site.settle();
    equal(site.pid("web"), pid);
    deepEqual(site.runtime()["status"].orphaned, []);
    equal(site.condition("web", "Ready"), "True Running");
  });

  it("older than it was removes nothing", async () => {
    await using site = await startStory();
    site.controlPlane.revision = 1000;
    site.order("web");
    await site.settle();
    site.controlPlane.cut({ away: true });
    site.lose("web");
    site.controlPlane.restore(500);
    await site.pass(60_000);
    ok(site.pid("web"));
    deepEqual(site.runtime()["status"].orphaned, ["processapplications/default/web"]);
    await site.stop();
    site.controlPlane.floor = site.controlPlane.revision = 2000;
    await site.start();
    await site.pass(60_000);
    ok(site.pid("web"));
  });
});

describe("a state file that is damaged", () => {
  it("falls back to the generation before, and to a complete view", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    site.order("web", { args: ["two"] });
    await site.settle();
    const pid = site.pid("web");
    await site.stop();
    const name = "capabilities/processapplications_default_web.json";
    site.files.texts.set(name, site.files.texts.get(name)!.replace("two", "tow"));
    await site.start();
    await site.settle();
    equal(site.pid("web"), pid);
    equal(site.condition("web", "Ready"), "True Running");
  });

  it("beyond repair costs no process", async () => {
    await using site = await startStory();
    site.order("web");
    await site.settle();
    const pid = site.pid("web");
    await site.stop();
    for (const name of site.files.texts.keys()) site.files.texts.set(name, "\0\0\0");
    await site.start();
    await site.settle();
    equal(site.pid("web"), pid);
    equal(site.condition("web", "Ready"), "True Running");
  });
});
