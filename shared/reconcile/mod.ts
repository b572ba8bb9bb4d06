/** Level-triggered loops: keys that need a look, looked at one at a time per key, again after a failure, ever more rarely.
 *
 * @module
 */
export { backoff } from "./backoff.ts";
export type { Backoff, BackoffOptions } from "./backoff.ts";
export { createQueue } from "./queue.ts";
export type { Next, Queue, QueueOptions } from "./queue.ts";
