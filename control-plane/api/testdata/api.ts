/** A control plane in memory, spoken to over its HTTP API without a network. */
import type { KubeObject } from "@servicelet/shared/krm";
import { silentLog, systemClock, systemRandom } from "@servicelet/shared/ports";
import { createTokens, digestOf } from "../../auth/mod.ts";
import { type ControlPlane, createControlPlane } from "../../control_plane.ts";
import { memoryStore } from "../../store/mod.ts";

const TOKEN = "token-of-the-test";

/** An answer: its status, headers and body, parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // deno-lint-ignore no-explicit-any -- tests read answers of any shape
  readonly body: any;
}

/** A request's parts beside method and path. A body that is no text is sent as JSON. */
export interface Parts {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

/** The API of a control plane of its own. */
export class TestApi implements AsyncDisposable {
  private constructor(readonly controlPlane: ControlPlane, readonly store: AsyncDisposable) {}

  static async start(): Promise<TestApi> {
    const store = memoryStore();
    const tokens = createTokens({ digest: await digestOf(TOKEN) });
    const controlPlane = await createControlPlane({
      store,
      tokens,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
    });
    return new TestApi(controlPlane, store);
  }

  async request(method: string, path: string, { body, type, headers }: Parts = {}): Promise<Answer> {
    const request = new Request(`https://control-plane.test${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { "content-type": type ?? "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const response = await this.controlPlane.app.fetch(request);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(response, text) };
  }

  get(path: string, parts?: Parts): Promise<Answer> {
    return this.request("GET", path, parts);
  }

  post(path: string, body: unknown, parts?: Parts): Promise<Answer> {
    return this.request("POST", path, { body, ...parts });
  }

  put(path: string, body: unknown, parts?: Parts): Promise<Answer> {
    return this.request("PUT", path, { body, ...parts });
  }

  /** A merge patch unless `type` says otherwise. */
  patch(path: string, body: unknown, parts?: Parts): Promise<Answer> {
    return this.request("PATCH", path, { body, type: "application/merge-patch+json", ...parts });
  }

  delete(path: string, parts?: Parts): Promise<Answer> {
    return this.request("DELETE", path, parts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.controlPlane[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
  }
}

/** Path of the ConfigMaps of the namespace `default`. */
export const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

/** A ConfigMap. */
export function configMap(name: string, data: Record<string, string> = { key: "value" }): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

/** Path of the Widgets of the namespace `default`, see {@link widgetDefinition}. */
export const WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";

/** A Widget. */
export function widget(name: string, spec: Record<string, unknown> = { size: 1 }): KubeObject {
  return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name }, spec };
}

/** Defines the kind Widget. */
export function widgetDefinition(): KubeObject {
  const openAPIV3Schema = {
    type: "object",
    required: ["spec"],
    properties: {
      spec: {
        type: "object",
        required: ["size"],
        properties: { size: { type: "integer", minimum: 1 }, color: { type: "string", default: "blue" } },
      },
      status: { type: "object", properties: { phase: { type: "string" } } },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget" },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema },
        subresources: { status: {} },
      }],
    },
  };
}

/** Path of definitions. */
export const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

function parsed(response: Response, text: string): unknown {
  return response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : undefined;
}
