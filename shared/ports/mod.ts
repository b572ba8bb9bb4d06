/** Effects as small interfaces, and the machine's own (`deno_*.ts`).
 *
 * @module
 */
export type { Clock } from "./clock.ts";
export type { Log } from "./log.ts";
export type { Random } from "./random.ts";
export { systemClock } from "./deno_clock.ts";
export { jsonLog, silentLog } from "./deno_log.ts";
export { systemRandom } from "./deno_random.ts";
