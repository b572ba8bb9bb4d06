import { deepEqual, equal, match } from "node:assert/strict";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { temporaryDirectory } from "@servicelet/shared/testing";
import { type LocalControlPlane, readExample, startControlPlane } from "@servicelet/scripts/local";
import { type Kubectl, kubectlFor } from "./kubectl.ts";
import { hasKubectl } from "../machine.ts";

describe("kubectl against a control plane (needs kubectl)", { ignore: !hasKubectl }, () => {
  let stack: AsyncDisposableStack;
  let controlPlane: LocalControlPlane;
  let kubectl: Kubectl;

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const directory = stack.use(await temporaryDirectory());
    controlPlane = stack.use(await startControlPlane({ directory: directory.path }));
    kubectl = kubectlFor(controlPlane);
  });
  afterAll(() => stack.disposeAsync());

  it("lists what can be ordered", async () => {
    const resources = await kubectl("api-resources");
    match(resources, /^configmaps +cm +v1 +true +ConfigMap$/m);
    match(
      resources,
      /^processapplications +papp +runtimes\.servicelet\.dev\/v1alpha1 +true +ProcessApplication$/m,
    );
    match(resources, /^serviceruntimes +srt +servicelet\.dev\/v1alpha1 +false +ServiceRuntime$/m);
    match(resources, /^leases +coordination\.k8s\.io\/v1 +true +Lease$/m);
  });

  it("applies an order, shows it, changes it and deletes it", async () => {
    const order = await readExample("hello");
    match(await kubectl("apply -f -", JSON.stringify(order)), /hello created/);
    match(await kubectl("apply -f -", JSON.stringify(order)), /hello unchanged/);
    match(await kubectl("get processapplications"), /^NAME +RUNTIME +READY +REASON +AGE\nhello +/);
    match(await kubectl("describe papp hello"), /Termination Grace Period Seconds: +30/);
    order["spec"].env[0].value = "Good day";
    match(await kubectl("apply -f -", JSON.stringify(order)), /hello configured/);
    equal(await kubectl("get papp hello -o jsonpath={.spec.env[0].value}"), "Good day");
    equal(await kubectl("get papp hello -o jsonpath={.metadata.generation}"), "2");
    match(await kubectl("delete papp hello"), /"hello" deleted/);
    match((await kubectl.attempt("get papp hello")).stderr, /NotFound.*"hello" not found/);
  });

  it("creates, labels, annotates, patches and replaces built-in kinds", async () => {
    await kubectl("create -f -", settingsOf("settings", { colour: "red" }));
    await kubectl("label configmap settings tier=front");
    await kubectl("annotate configmap settings note=first");
    await kubectl(`patch configmap settings --type merge -p '{"data":{"size":"7"}}'`);
    await kubectl(`patch configmap settings --type json -p '[{"op":"remove","path":"/data/colour"}]'`);
    await kubectl(`patch configmap settings -p '{"data":{"shape":"round"}}'`);
    const settings = JSON.parse(await kubectl("get configmap settings -o json"));
    deepEqual(settings.data, { size: "7", shape: "round" });
    settings.data = { all: "new" };
    await kubectl("replace -f -", JSON.stringify(settings));
    deepEqual(JSON.parse(await kubectl("get cm -l tier=front -o jsonpath={.items[0].data}")), { all: "new" });
    match(
      (await kubectl.attempt("replace -f -", JSON.stringify(settings))).stderr,
      /the object has been modified/,
    );
    await kubectl(
      "create -f -",
      JSON.stringify({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "pass" },
        stringData: { word: "hush" },
      }),
    );
    equal(await kubectl("get secret pass -o jsonpath={.data.word}"), btoa("hush"));
    await kubectl("delete configmap,secret --all");
    equal(await kubectl("get configmap settings --ignore-not-found"), "");
  });

  it("explains our kinds, with their descriptions", async () => {
    const text = await kubectl("explain javaapplication.spec.artifact");
    match(text, /sha256\s+<string>/);
    match(
      await kubectl("explain processapplication --recursive"),
      /terminationGracePeriodSeconds\s+<integer>/,
    );
    match(await kubectl("explain configmap.data"), /<map\[string\]string>/);
  });

  it("follows changes with get --watch", async () => {
    const ended = new AbortController();
    await kubectl("create -f -", settingsOf("first", { a: "1" }));
    const seen: string[] = [];
    for await (const line of kubectl.lines("get configmaps --watch --no-headers -o name", ended.signal)) {
      seen.push(line);
      if (line.endsWith("first")) await kubectl("create -f -", settingsOf("second", { a: "1" }));
      if (line.endsWith("second")) ended.abort();
    }
    deepEqual(seen.filter((line) => !line.endsWith("kube-root-ca.crt")), [
      "configmap/first",
      "configmap/second",
    ]);
  });

  it("gives a new kind to whoever defines one, and removes it with its documents", async () => {
    await kubectl(
      "apply -f -",
      JSON.stringify({
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "greeters.acme.example" },
        spec: {
          group: "acme.example",
          scope: "Namespaced",
          names: { plural: "greeters", singular: "greeter", kind: "Greeter", listKind: "GreeterList" },
          versions: [{
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: {
                  spec: {
                    type: "object",
                    required: ["text"],
                    properties: {
                      text: { type: "string", minLength: 1 },
                      times: { type: "integer", default: 3 },
                    },
                  },
                },
              },
            },
          }],
        },
      }),
    );
    await kubectl("wait --for=condition=Established crd/greeters.acme.example --timeout=10s");
    const greeter = {
      apiVersion: "acme.example/v1",
      kind: "Greeter",
      metadata: { name: "g" },
      spec: { text: "hi" },
    };
    await kubectl("create -f -", JSON.stringify(greeter));
    equal(await kubectl("get greeter g -o jsonpath={.spec.times}"), "3");
    const wrong = { ...greeter, metadata: { name: "h" }, spec: { text: 5 } };
    match((await kubectl.attempt("create -f -", JSON.stringify(wrong))).stderr, /spec\.text/);
    await kubectl("delete crd greeters.acme.example");
    match(
      (await kubectl.attempt("get greeters")).stderr,
      /doesn't have a resource type|could not find the requested resource/,
    );
  });

  it("deletes a namespace with what is in it", async () => {
    await kubectl(
      "apply -f -",
      JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }),
    );
    await kubectl("create -n shop -f -", settingsOf("stock", { apples: "3" }));
    await kubectl("delete namespace shop");
    match((await kubectl.attempt("get configmap stock -n shop")).stderr, /NotFound/);
  });
});

function settingsOf(name: string, data: Record<string, string>): string {
  return JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
}
