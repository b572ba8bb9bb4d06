/** The control plane: a Kubernetes API for documents, without a cluster.
 *
 * @module
 */
export { createApp } from "./app.ts";
export type { AppOptions } from "./app.ts";
export { createControlPlane } from "./control_plane.ts";
export type { ControlPlane, ControlPlaneOptions } from "./control_plane.ts";
export type { ApiEnv, User } from "./api/environment.ts";
export type { RequestInfo } from "./api/request_info.ts";
export type { Column, DocumentSchema, Resource, ResourceRegistry, Strategy } from "./registry/resource.ts";
export type { Deleted, DeleteOptions, DocumentRef, Documents, WriteOptions } from "./registry/documents.ts";
