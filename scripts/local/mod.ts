/** The project's own programs as real processes on this machine: for the demo, the benchmarks and the end-to-end tests.
 *
 * @module
 */
export { type ControlPlaneOptions, LocalControlPlane, startControlPlane } from "./control_plane.ts";
export { freePort } from "./free_port.ts";
export { collectionOf, type Order, orderOf, placeOrder, readExample } from "./order.ts";
export {
  bundled,
  controlPlaneSource,
  type Program,
  type Running,
  serviceletSource,
  startProgram,
} from "./program.ts";
export { LocalSite, type SiteOptions, startSite } from "./site.ts";
export { processesUnder, removeTraces } from "./traces.ts";
