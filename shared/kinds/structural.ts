/** What a structural schema can say and zod cannot: metadata that goes into the generated schema as it is.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 * @module
 */

/** A list whose items are told apart by one field: appliers own single items, and duplicates are refused. */
export function listMap(key: string): Record<string, unknown> {
  return { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key] };
}

/** A list in which each value may stand once. */
export const listSet: Record<string, unknown> = { "x-kubernetes-list-type": "set" };

/** An object in which exactly one of the fields is given. */
export function exactlyOne(...fields: string[]): Record<string, unknown> {
  return { oneOf: fields.map((field) => ({ required: [field] })) };
}
