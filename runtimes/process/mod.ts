/** The runtime `process`: native executables and scripts, each under a small shim that outlives the servicelet.
 *
 * @module
 */
export { type Artifacts, artifactStore } from "./artifacts.ts";
export type { ArtifactOptions, ArtifactRequest, StoredArtifact } from "./artifacts.ts";
export { denoFiles } from "./deno_files.ts";
export { denoNetwork } from "./deno_network.ts";
export { denoProcesses } from "./deno_processes.ts";
export { processDriver, type ProcessDriverOptions } from "./driver.ts";
export { type Lifecycle, type LifecycleOptions, processLifecycle } from "./lifecycle.ts";
export type { RotationLimits } from "./log_rotation.ts";
