/** Our own kinds: schemas, types and names. Generated into CustomResourceDefinitions by `definition_crd.ts`.
 *
 * @module
 */
export type { Artifact, Placement, Probe, ProcessSpec, ProcessStatus } from "./capability.ts";
export type { ColumnDefinition, KindDefinition } from "./definition.ts";
export type { JavaApplication, JavaApplicationSpec } from "./java_application.ts";
export type { ProcessApplication, ProcessApplicationSpec } from "./process_application.ts";
export type { ServiceRuntime, ServiceRuntimeSpec, ServiceRuntimeStatus } from "./service_runtime.ts";
export * from "./names.ts";
