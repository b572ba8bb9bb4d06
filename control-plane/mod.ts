/** The control plane: a Kubernetes API for documents, without a cluster.
 *
 * @module
 */
export { createControlPlane } from "./control_plane.ts";
export type { ControlPlane, ControlPlaneOptions, HttpApi } from "./control_plane.ts";
export type { Tokens } from "./auth/mod.ts";
export type { CachedDocument, CacheEvent, Scope, WatchCache, Watcher, WatchHandle } from "./cache/mod.ts";
export type { User } from "./api/environment.ts";
export type { Column, DocumentSchema, Resource, ResourceRegistry, Strategy } from "./registry/resource.ts";
export type { Deleted, DeleteOptions, DocumentRef, Documents, WriteOptions } from "./registry/documents.ts";
