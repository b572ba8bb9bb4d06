import { z } from "zod";
import type { ObjectMeta } from "../krm/mod.ts";
import {
  type Artifact,
  artifact,
  type ProcessSpec,
  processSpec,
  type ProcessStatus,
  processStatus,
} from "./capability.ts";
import type { KindDefinition } from "./definition.ts";
import { exactlyOne } from "./structural.ts";
import { RUNTIMES_GROUP, RUNTIMES_VERSION } from "./names.ts";

/** Schema of {@link ProcessApplicationSpec}. */
export const processApplicationSpec = processSpec.extend({
  command: z.array(z.string().min(1)).min(1).optional().describe(
    "Program, found in PATH or by absolute path, and its first arguments; no shell reads them. Exactly one of command and artifact.",
  ),
  artifact: artifact.optional().describe(
    "An executable file or script to fetch and start. Exactly one of command and artifact.",
  ),
}).meta(exactlyOne("command", "artifact")).describe("What to run, with what around it, and where.");

/** Spec of a {@link ProcessApplication}, defaults filled in. */
export interface ProcessApplicationSpec extends ProcessSpec {
  /** Program, found in PATH or by absolute path, and its first arguments. Exactly one of `command` and `artifact`. */
  command?: string[];
  /** An executable file or script to fetch and start. */
  artifact?: Artifact;
}

/** A native executable or script: it needs no engine at all. */
export interface ProcessApplication {
  /** Group and version. */
  apiVersion: typeof RUNTIMES_VERSION;
  /** Kind. */
  kind: "ProcessApplication";
  /** Identity and bookkeeping. */
  metadata: ObjectMeta;
  /** What is wanted. */
  spec: ProcessApplicationSpec;
  /** What is so, as its servicelet reports it. */
  status?: ProcessStatus;
}

/** The kind ProcessApplication. */
export const processApplication: KindDefinition = {
  group: RUNTIMES_GROUP,
  version: "v1alpha1",
  kind: "ProcessApplication",
  plural: "processapplications",
  singular: "processapplication",
  shortNames: ["papp"],
  namespaced: true,
  description: "A native executable or script that a service runtime runs as a process.",
  spec: processApplicationSpec,
  status: processStatus,
  columns: [
    { name: "Runtime", type: "string", jsonPath: ".spec.serviceRuntimeName" },
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Reason", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
    { name: "PID", type: "integer", jsonPath: ".status.process.pid", priority: 1 },
    { name: "Restarts", type: "integer", jsonPath: ".status.process.restarts", priority: 1 },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
  selectableFields: [".spec.serviceRuntimeName"],
};
