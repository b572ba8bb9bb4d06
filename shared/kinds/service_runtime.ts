import { z } from "zod";
import type { ObjectMeta } from "../krm/mod.ts";
import { condition } from "./capability.ts";
import type { KindDefinition } from "./definition.ts";
import { PROVIDER_GROUP, PROVIDER_VERSION } from "./names.ts";

const spec = z.object({
  region: z.string().optional().describe("Region that placements refer to."),
  zone: z.string().optional(),
  unschedulable: z.boolean().optional().describe("True keeps new capabilities away."),
});

const status = z.object({
  observedGeneration: z.int().optional(),
  conditions: z.array(condition).optional(),
  runtimes: z.array(z.object({
    type: z.string().describe("Runtime type such as process or jvm."),
    available: z.boolean(),
    version: z.string().optional(),
    message: z.string().optional().describe("Why it is not available, and what to do."),
  })).optional(),
  capacity: z.object({ cpu: z.int(), memory: z.string() }).optional(),
  jdks: z.array(z.object({ home: z.string(), version: z.string(), feature: z.int() })).optional(),
  servicelet: z.object({
    version: z.string(),
    arch: z.string(),
    os: z.string(),
    bootId: z.string().optional(),
  }).optional(),
  orphaned: z.array(z.string()).optional()
    .describe("Capabilities that still run here although the control plane no longer knows their documents."),
});

/** Spec of a {@link ServiceRuntime}. */
export type ServiceRuntimeSpec = z.infer<typeof spec>;
/** Status of a {@link ServiceRuntime}. */
export type ServiceRuntimeStatus = z.infer<typeof status>;

/** The digital twin of one runtime environment. Its name is the identifier that assignments carry. */
export interface ServiceRuntime {
  apiVersion: typeof PROVIDER_VERSION;
  kind: "ServiceRuntime";
  metadata: ObjectMeta;
  spec: ServiceRuntimeSpec;
  status?: ServiceRuntimeStatus;
}

/** The kind ServiceRuntime. */
export const serviceRuntime: KindDefinition = {
  group: PROVIDER_GROUP,
  version: "v1alpha1",
  kind: "ServiceRuntime",
  plural: "serviceruntimes",
  singular: "serviceruntime",
  shortNames: ["srt"],
  namespaced: false,
  description: "One runtime environment and the servicelet beside it.",
  spec,
  specOptional: true,
  status,
  columns: [
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Region", type: "string", jsonPath: ".spec.region" },
    { name: "Arch", type: "string", jsonPath: ".status.servicelet.arch", priority: 1 },
    { name: "CPU", type: "integer", jsonPath: ".status.capacity.cpu", priority: 1 },
    { name: "Memory", type: "string", jsonPath: ".status.capacity.memory", priority: 1 },
    { name: "Version", type: "string", jsonPath: ".status.servicelet.version" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
};
