/** The Kubernetes Resource Model: documents and what one does with them.
 *
 * @module
 */
export * from "./types.ts";
export * from "./status_error.ts";
export * from "./invalid_field.ts";
