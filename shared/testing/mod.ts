/** What tests stand on: time, chance and disk of their own.
 *
 * @module
 */
export { type FakeClock, fakeClock } from "./clock.ts";
export { seededRandom } from "./random.ts";
export { type TemporaryDirectory, temporaryDirectory } from "./temporary_directory.ts";
