/** What the documents of all capabilities have in common. The descriptions are what `kubectl explain` shows.
 *
 * @module
 */
import { z } from "zod";
import type { Condition } from "../krm/mod.ts";
import { exactlyOne, listMap, listSet } from "./structural.ts";

// Timers hold 2^31 ms at most and fire at once beyond that; a day is enough for anything asked of a process.
const DAY = 86_400;

/** A DNS label (RFC 1123). */
const dnsLabel = z.string().max(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** A Kubernetes quantity of bytes. */
export const memoryQuantity = z.string().regex(/^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/);

/** A time in RFC 3339. */
export const time = z.string().meta({ format: "date-time" });

/** Labels that must match, as in Kubernetes. */
export const labelSelector = z.object({
  matchLabels: z.record(z.string(), z.string()).optional()
    .describe("Labels that must be there with these values."),
  matchExpressions: z.array(z.object({
    key: z.string().min(1).describe("Key of the label."),
    operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"])
      .describe("How the label must relate to the values. NotIn also holds where there is no such label."),
    values: z.array(z.string()).optional()
      .describe("At least one value for In and NotIn; none for Exists and DoesNotExist."),
  })).optional().describe("Further demands on labels; all must hold."),
});

/** Where a capability may run. */
export const placement = z.object({
  regions: z.array(z.string().min(1)).meta(listSet).optional()
    .describe("Regions that are suitable. Default: any."),
  selector: labelSelector.optional().describe("Labels that a service runtime must carry. Default: any."),
});

/** A TCP port that the application listens on. */
export const port = z.object({
  name: dnsLabel.describe(
    "Name of the port, a DNS label. The application finds the number in the variable PORT_<NAME>: PORT_HTTP_ADMIN for http-admin.",
  ),
  port: portNumber().describe("Number of the port, 1 to 65535, on the host's network."),
});

/** An environment variable. */
const environmentVariable = z.object({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/).describe(
    "Name of the variable: letters, digits and underscores.",
  ),
  value: z.string().default("").describe("Value of the variable, taken literally."),
});

/** How to ask an application whether it is well: exactly one of `httpGet` and `tcpSocket`. */
export const probe = z.object({
  httpGet: z.object({
    path: z.string().startsWith("/").default("/").describe("Path to ask for, with a leading slash."),
    port: portNumber().describe("Number of the port to ask at."),
  }).optional().describe(
    "An HTTP request; well is an answer with a code from 200 to 399. Exactly one of httpGet and tcpSocket.",
  ),
  tcpSocket: z.object({ port: portNumber().describe("Number of the port to connect to.") }).optional()
    .describe("A TCP connection; well is one that is accepted. Exactly one of httpGet and tcpSocket."),
  initialDelaySeconds: z.int().min(0).max(DAY).default(0)
    .describe("Seconds from the start of the process to the first probe."),
  periodSeconds: z.int().min(1).max(DAY).default(10)
    .describe("Seconds between probes once the application was well."),
  timeoutSeconds: z.int().min(1).max(DAY).default(1).describe("Seconds after which an attempt has failed."),
  failureThreshold: z.int().min(1).default(3)
    .describe("Failures in a row after which the application is no longer well."),
}).meta(exactlyOne("httpGet", "tcpSocket"));

/** What a process needs around it, whatever it executes. */
export const processSpec = z.object({
  serviceRuntimeName: z.string().max(253).optional().describe(
    "Name of the ServiceRuntime that runs this. Written by the scheduler unless given by whoever orders.",
  ),
  placement: placement.optional().describe(
    "Where this may run; the scheduler chooses among what fits. Default: anywhere.",
  ),
  args: z.array(z.string()).optional().describe("Arguments, taken literally: no shell reads them."),
  env: z.array(environmentVariable).meta(listMap("name")).optional()
    .describe("Environment variables. Of the servicelet's own only the locale and time zone are passed on."),
  workingDirectory: z.string().startsWith("/").optional()
    .describe("Absolute path of the directory to start in. Default: a directory of the application's own."),
  ports: z.array(port).meta(listMap("name")).optional().describe(
    "TCP ports that the application listens on.",
  ),
  resources: z.object({
    requests: z.object({
      memory: memoryQuantity.optional().describe("Bytes of memory as a quantity such as 512Mi."),
    }).optional().describe("What the scheduler sets aside on the service runtime."),
  }).optional().describe("What the application needs of the machine."),
  readinessProbe: probe.optional()
    .describe("Tells whether the application is Ready. Without it Ready follows the process."),
  livenessProbe: probe.optional().describe(
    "Tells whether the application still works; the process is restarted when it fails.",
  ),
  restartPolicy: z.enum(["Always", "OnFailure", "Never"]).default("Always")
    .describe(
      "When a process that ended is started again: whatever its exit code, unless it was 0, or not at all.",
    ),
  terminationGracePeriodSeconds: z.int().min(0).max(DAY).default(30)
    .describe("Seconds between SIGTERM and SIGKILL when the process is stopped."),
});

/** Where to fetch the thing to execute. */
export const artifact = z.object({
  url: z.string().regex(/^(https?|file):\/\//).describe(
    "Address of the file: https:, http:, or file: with an absolute path on the runtime's machine.",
  ),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).optional().describe(
    "SHA-256 of the file as 64 lower-case hexadecimal digits. A file with another checksum is never executed.",
  ),
});

/** One observation, see {@link Condition}. */
export const condition = z.object({
  type: z.string().describe(
    "What is observed, such as Ready. Each type says something good when it is True.",
  ),
  status: z.enum(["True", "False", "Unknown"]).describe("Whether it is so."),
  reason: z.string().describe("Why, in one CamelCase word for programs."),
  message: z.string().describe("What is so and what to do, in a sentence for people."),
  lastTransitionTime: time.describe("When status changed last."),
  observedGeneration: z.int().optional().describe("The metadata.generation that this was observed of."),
});

/** Conditions of a document, one of each type. */
export const conditions = z.array(condition).meta(listMap("type")).optional();

/** What a servicelet reports about a process. */
export const processStatus = z.object({
  observedGeneration: z.int().optional().describe("The metadata.generation that the servicelet works on."),
  conditions: conditions.describe(
    "Observations: Scheduled (a runtime was found), Prepared (everything is fetched and verified), Started, and their summary Ready.",
  ),
  process: z.object({
    pid: z.int().optional().describe("Process id on the runtime's machine, while it runs."),
    startedAt: time.optional().describe("When the running process was started."),
    restarts: z.int().optional().describe("How often a process that had ended was started again."),
    lastExit: z.object({
      code: z.int().optional().describe("Exit code; 128 plus the signal's number where a signal ended it."),
      signal: z.string().optional().describe("Name of the signal that ended it, such as SIGKILL."),
      reason: z.string().describe(
        "Completed, Error, Signaled, OutOfMemory, or Lost where nobody saw the end.",
      ),
      finishedAt: time.describe("When it ended."),
    }).optional().describe("How the last process that ended did so."),
  }).optional().describe("The process on the runtime's machine."),
  endpoints: z.array(z.object({
    name: z.string().describe("Name of the port."),
    address: z.string().describe("Host and port, such as 192.0.2.7:8080."),
  })).optional().describe("Where the running application can be reached, one per port."),
});

/** Where a capability may run. */
export interface Placement {
  /** Regions that are suitable. Absent: any. */
  regions?: string[];
  /** Labels that a service runtime must carry; all demands must hold. Absent: any. */
  selector?: {
    /** Labels that must be there with these values. */
    matchLabels?: Record<string, string>;
    /** Further demands. `values` has at least one value for In and NotIn, none for Exists and DoesNotExist. */
    matchExpressions?: {
      key: string;
      operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
      values?: string[];
    }[];
  };
}

/** A TCP port that the application listens on. */
export interface Port {
  /** DNS label. The application finds the number in the variable `PORT_<NAME>`. */
  name: string;
  /** 1 to 65535, on the host's network. */
  port: number;
}

/** An environment variable, defaults filled in. */
export interface EnvironmentVariable {
  /** Letters, digits and underscores. */
  name: string;
  /** Taken literally. */
  value: string;
}

/** How to ask an application whether it is well: exactly one of `httpGet` and `tcpSocket`. Defaults filled in. */
export interface Probe {
  /** An HTTP request; well is an answer with a code from 200 to 399. `path` has a leading slash. */
  httpGet?: { path: string; port: number };
  /** A TCP connection; well is one that is accepted. */
  tcpSocket?: { port: number };
  /** Seconds from the start of the process to the first probe. */
  initialDelaySeconds: number;
  /** Seconds between probes once the application was well. */
  periodSeconds: number;
  /** Seconds after which an attempt has failed. */
  timeoutSeconds: number;
  /** Failures in a row after which the application is no longer well. */
  failureThreshold: number;
}

/** Spec of any process, as it stands in the store (defaults filled in). */
export interface ProcessSpec {
  /** Name of the ServiceRuntime that runs this; absent until the scheduler has chosen. */
  serviceRuntimeName?: string;
  /** Where this may run. Absent: anywhere. */
  placement?: Placement;
  /** Arguments, taken literally: no shell reads them. */
  args?: string[];
  /** Environment variables, one of each name. */
  env?: EnvironmentVariable[];
  /** Absolute path of the directory to start in. Absent: a directory of the application's own. */
  workingDirectory?: string;
  /** TCP ports that the application listens on, one of each name. */
  ports?: Port[];
  /** What the scheduler sets aside: `memory` in bytes as a quantity such as `512Mi`. */
  resources?: { requests?: { memory?: string } };
  /** Tells whether the application is Ready. Absent: Ready follows the process. */
  readinessProbe?: Probe;
  /** Tells whether the application still works; the process is restarted when it fails. */
  livenessProbe?: Probe;
  /** When a process that ended is started again: whatever its exit code, unless it was 0, or not at all. */
  restartPolicy: "Always" | "OnFailure" | "Never";
  /** Seconds between SIGTERM and SIGKILL when the process is stopped. */
  terminationGracePeriodSeconds: number;
}

/** Where to fetch the thing to execute. */
export interface Artifact {
  /** `https:`, `http:`, or `file:` with an absolute path on the runtime's machine. */
  url: string;
  /** 64 lower-case hexadecimal digits. A file with another checksum is never executed. */
  sha256?: string;
}

/** The end of a process. */
export interface LastExit {
  /** Exit code; 128 plus the signal's number where a signal ended it. Absent where nobody saw it. */
  code?: number;
  /** Name of the signal that ended it, such as `SIGKILL`. */
  signal?: string;
  /** `Completed`, `Error`, `Signaled`, `OutOfMemory`, or `Lost` where nobody saw the end. */
  reason: string;
  /** RFC 3339. */
  finishedAt: string;
}

/** Status of any process. */
export interface ProcessStatus {
  /** The `metadata.generation` that the servicelet works on. */
  observedGeneration?: number;
  /** Scheduled, Prepared, Started, and their summary Ready. */
  conditions?: Condition[];
  /** The process on the runtime's machine. `startedAt` (RFC 3339) is of the one that runs, `restarts` counts over all. */
  process?: { pid?: number; startedAt?: string; restarts?: number; lastExit?: LastExit };
  /** Where the running application can be reached, one per port; `address` such as `192.0.2.7:8080`. */
  endpoints?: { name: string; address: string }[];
}

function portNumber() {
  return z.int().min(1).max(65535);
}
