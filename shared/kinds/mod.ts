/** Our own kinds: schemas, types and names. `crds.ts` makes CustomResourceDefinitions from them, which `deno task generate` writes into
 * `definitions.gen.ts` for whoever does without zod.
 *
 * @module
 */
export type {
  Artifact,
  EnvironmentVariable,
  LastExit,
  Placement,
  Port,
  Probe,
  ProcessSpec,
  ProcessStatus,
} from "./capability.ts";
export type { JavaApplication, JavaApplicationSpec, JavaArtifact } from "./java_application.ts";
export type { ProcessApplication, ProcessApplicationSpec } from "./process_application.ts";
export type { ServiceRuntime, ServiceRuntimeSpec, ServiceRuntimeStatus } from "./service_runtime.ts";
export * from "./names.ts";
