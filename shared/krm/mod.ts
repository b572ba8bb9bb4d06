/** The Kubernetes Resource Model: documents and what one does with them.
 *
 * @module
 */
export * from "./types.ts";
export * from "./status_error.ts";
export * from "./invalid_field.ts";
export * from "./invalid_fields.ts";
export * from "./conditions.ts";
export * from "./deep_equal.ts";
export * from "./field_selector.ts";
export { applyJsonPatch } from "./json_patch.ts";
export * from "./json_path.ts";
export { isJsonObject } from "./json_property.ts";
export * from "./label_selector.ts";
export * from "./merge_patch.ts";
export * from "./names.ts";
export { parseLabelSelector } from "./parse_label_selector.ts";
export * from "./path.ts";
export * from "./quantity.ts";
export * from "./timestamp.ts";
