/** What outlives the servicelet: each capability and the place in the stream of assignments.
 *
 * @module
 */
export { Capabilities } from "./capabilities.ts";
export type { CapabilitiesOptions } from "./capabilities.ts";
export { newCapability, versionOf } from "./capability.ts";
export type { Capability, CapabilityRecord, Fate, Finding } from "./capability.ts";
export { previousOf } from "./files.ts";
export type { Files } from "./files.ts";
export { readPlace, writePlace } from "./place.ts";
export type { Place } from "./place.ts";
