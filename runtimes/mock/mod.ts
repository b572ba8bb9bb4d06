/** A driver whose processes are virtual, for tests and simulation.
 *
 * @module
 */
export { type MockCall, type MockDriver, mockDriver, type MockScript } from "./driver.ts";
export {
  type Behaviour,
  exitProcess,
  type MockMachine,
  mockMachine,
  rebootMachine,
  type VirtualProcess,
} from "./machine.ts";
