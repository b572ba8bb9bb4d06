import { deepEqual, equal, rejects } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from "@kubernetes/client-node";
import { temporaryDirectory } from "@servicelet/shared/testing";
import { readExample, startControlPlane } from "@servicelet/scripts/local";

// Version 1.4.0: under Deno the watch of 2.x never ends when its connection does.
describe("the official JavaScript client against a control plane", () => {
  it("creates, lists, watches, patches and deletes", async () => {
    await using directory = await temporaryDirectory();
    await using controlPlane = await startControlPlane({ directory: directory.path });
    const config = new KubeConfig();
    config.loadFromFile(controlPlane.kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    const namespace = "default";

    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const seen: string[] = [];
    const deleted = Promise.withResolvers<void>();
    const watch = await new Watch(config).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      { resourceVersion: metadata?.resourceVersion },
      (type, object) => {
        if (object.metadata.name !== "settings") return;
        seen.push(`${type} ${object.data?.colour}`);
        if (type === "DELETED") deleted.resolve();
      },
      () => {},
    );

    const body = { metadata: { name: "settings" }, data: { colour: "red" } };
    const created = await core.createNamespacedConfigMap({ namespace, body });
    equal(created.data?.["colour"], "red");
    await core.patchNamespacedConfigMap(
      { namespace, name: "settings", body: { data: { colour: "blue" } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    await rejects(core.replaceNamespacedConfigMap({ namespace, name: "settings", body: created }), {
      code: 409,
    });
    await core.deleteNamespacedConfigMap({ namespace, name: "settings" });
    await deleted.promise;
    watch.abort();
    deepEqual(seen, ["ADDED red", "MODIFIED blue", "DELETED blue"]);

    const custom = config.makeApiClient(CustomObjectsApi);
    const kind = {
      group: "runtimes.servicelet.dev",
      version: "v1alpha1",
      plural: "processapplications",
      namespace,
    };
    await custom.createNamespacedCustomObject({ ...kind, body: await readExample("hello") });
    const { items } = await custom.listNamespacedCustomObject(kind);
    deepEqual(items.map((item: { metadata: { name: string } }) => item.metadata.name), ["hello"]);
  });
});
