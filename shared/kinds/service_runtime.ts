import { z } from "zod";
import type { Condition, ObjectMeta } from "../krm/mod.ts";
import { conditions, memoryQuantity } from "./capability.ts";
import type { KindDefinition } from "./definition.ts";
import { listMap } from "./structural.ts";
import { PROVIDER_GROUP, PROVIDER_VERSION } from "./names.ts";

/** Schema of {@link ServiceRuntimeSpec}. */
export const serviceRuntimeSpec = z.object({
  region: z.string().optional().describe("Region of the machine, that placements refer to, such as eu."),
  zone: z.string().optional().describe("Zone of the machine within its region."),
  unschedulable: z.boolean().optional().describe(
    "True keeps new capabilities away; what runs here stays. Default: false.",
  ),
}).describe("What is wanted of this runtime environment.");

/** Schema of {@link ServiceRuntimeStatus}. */
export const serviceRuntimeStatus = z.object({
  observedGeneration: z.int().optional().describe("The metadata.generation that the servicelet works on."),
  conditions: conditions.describe(
    "Observations: Ready is True while the servicelet renews its lease, and Unknown once the lease ran out.",
  ),
  runtimes: z.array(z.object({
    type: z.string().describe("Type of runtime, such as process or jvm."),
    available: z.boolean().describe("Whether capabilities of this type can run here."),
    version: z.string().optional().describe("Version of what runs them."),
    message: z.string().optional().describe("Why it is not available, and what to do."),
  })).meta(listMap("type")).optional().describe("Runtimes that the servicelet looked for."),
  capacity: z.object({
    cpu: z.int().describe("Number of processor cores."),
    memory: memoryQuantity.describe("Bytes of memory as a quantity."),
  }).optional().describe("What the machine has."),
  jdks: z.array(z.object({
    home: z.string().describe("Absolute path of the installation."),
    version: z.string().describe("Full version, such as 21.0.8."),
    feature: z.int().describe("Feature version, such as 21."),
  })).optional().describe("Java installations that were found."),
  servicelet: z.object({
    version: z.string().describe("Version of the servicelet."),
    arch: z.string().describe("Architecture of the machine, such as x86_64 or aarch64."),
    os: z.string().describe("Operating system of the machine."),
    bootId: z.string().optional().describe("Changes with each boot of the machine."),
  }).optional().describe("The servicelet and the machine it runs on."),
  orphaned: z.array(z.string()).optional().describe(
    "Capabilities that still run here although the control plane no longer knows their documents.",
  ),
}).describe("What the servicelet and the control plane report about it.");

/** Spec of a {@link ServiceRuntime}. */
export interface ServiceRuntimeSpec {
  /** Region of the machine, that placements refer to, such as `eu`. */
  region?: string;
  /** Zone of the machine within its region. */
  zone?: string;
  /** True keeps new capabilities away; what runs here stays. */
  unschedulable?: boolean;
}

/** Status of a {@link ServiceRuntime}. */
export interface ServiceRuntimeStatus {
  /** The `metadata.generation` that the servicelet works on. */
  observedGeneration?: number;
  /** Ready is True while the servicelet renews its lease, and Unknown once the lease ran out. */
  conditions?: Condition[];
  /** Runtimes that the servicelet looked for, one of each `type`; `message` says why one is not available, and what to do. */
  runtimes?: { type: string; available: boolean; version?: string; message?: string }[];
  /** What the machine has: processor cores, and bytes of memory as a quantity. */
  capacity?: { cpu: number; memory: string };
  /** Java installations that were found; `version` such as `21.0.8`, `feature` such as 21, `home` absolute. */
  jdks?: { home: string; version: string; feature: number }[];
  /** The servicelet and the machine it runs on; `bootId` changes with each boot. */
  servicelet?: { version: string; arch: string; os: string; bootId?: string };
  /** Capabilities that still run here although the control plane no longer knows their documents. */
  orphaned?: string[];
}

/** The digital twin of one runtime environment. Its name is the identifier that assignments carry. */
export interface ServiceRuntime {
  /** Group and version. */
  apiVersion: typeof PROVIDER_VERSION;
  /** Kind. */
  kind: "ServiceRuntime";
  /** Identity and bookkeeping. */
  metadata: ObjectMeta;
  /** What is wanted. */
  spec: ServiceRuntimeSpec;
  /** What is so, as its servicelet reports it. */
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
  spec: serviceRuntimeSpec,
  specOptional: true,
  status: serviceRuntimeStatus,
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
