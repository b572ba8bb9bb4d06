/** A thin client of the Kubernetes Resource Model: documents, watches, and following a collection for ever.
 *
 * @module
 */
export { createClient } from "./client.ts";
export type {
  ClientOptions,
  DeleteOptions,
  KubeClient,
  ListQuery,
  PatchType,
  RequestOptions,
} from "./client.ts";
export { Unreachable } from "./transport.ts";
export type { Transport } from "./transport.ts";
export { denoTransport } from "./deno_transport.ts";
export type { DenoTransport } from "./deno_transport.ts";
export { IDLE_MS } from "./watch.ts";
export type { WatchOptions } from "./watch.ts";
export { follow } from "./follow.ts";
export type { FollowEvent, FollowOptions } from "./follow.ts";
