/** What the documents of all capabilities have in common.
 *
 * @module
 */
import { z } from "zod";

/** A DNS label (RFC 1123). */
export const dnsLabel = z.string().max(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** A Kubernetes quantity of bytes. */
export const memoryQuantity = z.string().regex(/^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/)
  .describe("Bytes as a Kubernetes quantity such as 512Mi.");

/** Labels that must match, as in Kubernetes. */
export const labelSelector = z.object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(z.object({
    key: z.string(),
    operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
    values: z.array(z.string()).optional(),
  })).optional(),
});

/** Where a capability may run. */
export const placement = z.object({
  regions: z.array(z.string().min(1)).optional().describe("Regions that are suitable; any if empty."),
  selector: labelSelector.optional().describe("Labels that a service runtime must carry."),
});

/** A TCP port that the application listens on. */
export const port = z.object({
  name: dnsLabel.describe("Name of the port; the application finds its number in the variable PORT_<NAME>."),
  port: z.int().min(1).max(65535),
});

/** An environment variable. */
export const environmentVariable = z.object({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
  value: z.string().default(""),
});

/** How to ask an application whether it is well: exactly one of `httpGet` and `tcpSocket`. */
export const probe = z.object({
  httpGet: z.object({
    path: z.string().startsWith("/").default("/"),
    port: z.int().min(1).max(65535),
  }).optional().describe("Answers 200-399 when the application is well."),
  tcpSocket: z.object({ port: z.int().min(1).max(65535) }).optional()
    .describe("Accepts a connection when the application is well."),
  initialDelaySeconds: z.int().min(0).default(0),
  periodSeconds: z.int().min(1).default(10).describe("Seconds between probes once the application was well."),
  timeoutSeconds: z.int().min(1).default(1),
  failureThreshold: z.int().min(1).default(3),
});

/** What a process needs around it, whatever it executes. */
export const processSpec = z.object({
  serviceRuntimeName: z.string().max(253).optional()
    .describe("Identifier of the service runtime that runs this. Written by the scheduler unless preset."),
  placement: placement.optional(),
  args: z.array(z.string()).optional(),
  env: z.array(environmentVariable).optional(),
  workingDirectory: z.string().startsWith("/").optional()
    .describe("Absolute path. Default: a directory of its own."),
  ports: z.array(port).optional(),
  resources: z.object({ requests: z.object({ memory: memoryQuantity.optional() }).optional() }).optional(),
  readinessProbe: probe.optional().describe("Ready follows this; without it Ready follows the process."),
  livenessProbe: probe.optional().describe("Restarts the process when it fails."),
  restartPolicy: z.enum(["Always", "OnFailure", "Never"]).default("Always"),
  terminationGracePeriodSeconds: z.int().min(0).default(30)
    .describe("Seconds between SIGTERM and SIGKILL."),
});

/** Where to fetch the thing to execute. */
export const artifact = z.object({
  url: z.string().regex(/^(https?|file):\/\//).describe("An https:, http: or file: address."),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).optional()
    .describe("Checksum, 64 lower-case hexadecimal digits. Nothing else is ever executed."),
});

/** One observation, see {@link Condition}. */
export const condition = z.object({
  type: z.string(),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.string(),
  observedGeneration: z.int().optional(),
});

/** What a servicelet reports about a process. */
export const processStatus = z.object({
  observedGeneration: z.int().optional(),
  conditions: z.array(condition).optional(),
  process: z.object({
    pid: z.int().optional(),
    startedAt: z.string().optional(),
    restarts: z.int().optional(),
    lastExit: z.object({
      code: z.int().optional(),
      signal: z.string().optional(),
      reason: z.string(),
      finishedAt: z.string(),
    }).optional(),
  }).optional(),
  endpoints: z.array(z.object({ name: z.string(), address: z.string() })).optional(),
});

/** Spec of any process, as it stands in the store (defaults filled in). */
export type ProcessSpec = z.infer<typeof processSpec>;
/** Status of any process. */
export type ProcessStatus = z.infer<typeof processStatus>;
/** A probe, defaults filled in. */
export type Probe = z.infer<typeof probe>;
/** Where a capability may run. */
export type Placement = z.infer<typeof placement>;
/** Where to fetch the thing to execute. */
export type Artifact = z.infer<typeof artifact>;
