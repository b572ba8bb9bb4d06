import type { KubeObject } from "@servicelet/shared/krm";
import { conditionOf } from "@servicelet/shared/krm";
import { silentLog } from "@servicelet/shared/ports";
import { type FakeClock, fakeClock, seededRandom } from "@servicelet/shared/testing";
import { createTokens } from "../../auth/mod.ts";
import { createControlPlane } from "../../control_plane.ts";
import type { DocumentRef } from "../../registry/documents.ts";
import { memoryStore } from "../../store/mod.ts";
import { startCoordinator } from "../mod.ts";

/** A control plane in memory with its coordinator, and the words to play with it. */
export interface CoordinatedPlane extends AsyncDisposable {
  readonly clock: FakeClock;
  /** Writes a document; `resource` is `group/plural`. */
  create(resource: string, document: object, namespace?: string): Promise<KubeObject>;
  /** Changes a document, or its status. */
  update(
    ref: string,
    change: (document: KubeObject) => void,
    subresource?: "status",
  ): Promise<KubeObject>;
  delete(ref: string): Promise<void>;
  get(ref: string): KubeObject | undefined;
  /** Resolves with the document as soon as `holds` of it; undefined stands for a document that is gone. `ref` is `group/plural/namespace/name`. */
  until(ref: string, holds: (document: KubeObject | undefined) => boolean): Promise<KubeObject | undefined>;
  /** Resolves once the condition has the reason; to its message. */
  reason(ref: string, type: string, reason: string): Promise<string>;
  /** A ServiceRuntime that is Ready. */
  site(name: string, runtime?: { region?: string; types?: string[]; memory?: string }): Promise<void>;
  /** An order for a process; answers its ref. */
  order(name: string, spec?: object): Promise<string>;
}

/** Starts it on a store of its own. */
export async function startCoordinatedPlane(): Promise<CoordinatedPlane> {
  const ports = { clock: fakeClock(), random: seededRandom(1), log: silentLog };
  const store = memoryStore();
  const plane = await createControlPlane({ store, tokens: createTokens({ digest: "" }), ...ports });
  const coordinator = startCoordinator({ ...plane, ...ports });
  const { documents, registry, cache } = plane;

  function refOf(ref: string): DocumentRef {
    const [group, plural, namespace = "", name = ""] = ref.split("/");
    const resource = registry.stored(`${group}/${plural}`);
    if (!resource) throw new Error(`${group}/${plural} is not served`);
    return { resource, namespace, name };
  }

  const site: CoordinatedPlane = {
    clock: ports.clock,
    async create(groupResource, document, namespace = "") {
      const { resource } = refOf(`${groupResource}//`);
      const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
      const whole = { apiVersion, kind: resource.kind, ...document } as KubeObject;
      return await documents.create(resource, namespace, whole);
    },
    update: (ref, change, subresource) =>
      documents.update(refOf(ref), (document) => {
        change(document);
        return document;
      }, subresource ? { subresource } : {}),
    async delete(ref) {
      await documents.delete(refOf(ref));
    },
    get: (ref) => documents.get(refOf(ref)),
    until(ref, holds) {
      const { resource, namespace, name } = refOf(ref);
      const { promise, resolve } = Promise.withResolvers<KubeObject | undefined>();
      const look = () => {
        const document = documents.get(refOf(ref));
        if (holds(document)) resolve(document);
        return true;
      };
      const scope = { resource: `${resource.group}/${resource.plural}`, namespace, name };
      const watch = cache.watch(scope, cache.revision, look);
      look();
      return promise.finally(() => watch.stop());
    },
    async reason(ref, type, reason) {
      const document = await site.until(
        ref,
        (now) => now !== undefined && conditionOf(now, type)?.reason === reason,
      );
      return conditionOf(document ?? {}, type)?.message ?? "";
    },
    async site(name, { region, types = ["process"], memory = "1Gi" } = {}) {
      const spec = region === undefined ? {} : { region };
      await site.create("servicelet.dev/serviceruntimes", { metadata: { name }, spec });
      await site.update(`servicelet.dev/serviceruntimes//${name}`, (document) => {
        document["status"] = {
          conditions: [{
            type: "Ready",
            status: "True",
            reason: "Ready",
            message: "",
            lastTransitionTime: "2026-01-01T00:00:00Z",
          }],
          runtimes: types.map((type) => ({ type, available: true })),
          capacity: { cpu: 2, memory },
        };
      }, "status");
    },
    async order(name, spec = {}) {
      const document = { metadata: { name }, spec: { command: ["true"], ...spec } };
      await site.create("runtimes.servicelet.dev/processapplications", document, "default");
      return `runtimes.servicelet.dev/processapplications/default/${name}`;
    },
    async [Symbol.asyncDispose]() {
      await coordinator[Symbol.asyncDispose]();
      await plane[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
  return site;
}
