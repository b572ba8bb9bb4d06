/** Names a resource, or one of its documents, or a subresource of that. */
export interface DocumentPath {
  /** Empty for the core group. */
  readonly group: string;
  /** Version within the group. */
  readonly version: string;
  /** Name of the resource in paths. */
  readonly plural: string;
  /** Absent or empty for cluster-scoped resources, and for all namespaces. */
  readonly namespace?: string | undefined;
  /** Name of one document. */
  readonly name?: string | undefined;
  /** Endpoint below the document, such as `status`. */
  readonly subresource?: string | undefined;
}

/** Path of a resource or document on the API, each part percent-encoded: `/apis/example.com/v1/namespaces/a/trees/oak/status`. */
export function documentPath({ group, version, plural, namespace, name, subresource }: DocumentPath): string {
  const parts = [
    ...(group === "" ? ["api", version] : ["apis", group, version]),
    ...(namespace ? ["namespaces", namespace] : []),
    plural,
    ...(name ? [name] : []),
    ...(name && subresource ? [subresource] : []),
  ];
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}
