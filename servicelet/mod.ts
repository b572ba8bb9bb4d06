/** The servicelet: operates capabilities beside a service runtime.
 *
 * @module
 */
export { startServicelet } from "./agent.ts";
export type { ServiceletOptions } from "./agent.ts";
export { openStateDirectory, StateDirectoryInUse } from "./deno_files.ts";
export type { StateDirectory } from "./deno_files.ts";
export { lookAtMachine } from "./deno_machine.ts";
export type { Machine } from "./machine.ts";
export type { Files } from "./state/mod.ts";
export { VERSION } from "./version.ts";
