import { fixedField, matchesFields, matchesLabels } from "@servicelet/shared/krm";
import type { DocumentVersion } from "./document_version.ts";
import type { Scope } from "./watch_cache.ts";

/** A scope with `name` and `namespace` also where only its field selector fixes them; an empty namespace means all. */
export function narrowed(scope: Scope): Scope {
  const { namespace, name, fields = [], ...rest } = scope;
  const fixedNamespace = namespace || fixedField(fields, "metadata.namespace");
  const fixedName = name ?? fixedField(fields, "metadata.name");
  return {
    ...rest,
    ...(fields.length > 0 ? { fields } : {}),
    ...(fixedNamespace ? { namespace: fixedNamespace } : {}),
    ...(fixedName !== undefined ? { name: fixedName } : {}),
  };
}

/** What the keys of all documents in a scope begin with. */
export function keyPrefix({ resource, namespace }: Scope): string {
  if (resource === undefined) return "";
  return namespace ? `${resource}/${namespace}/` : `${resource}/`;
}

/** Says of one state of a document whether it is in the scope. */
export function matcherOf(scope: Scope): (version: DocumentVersion) => boolean {
  const { resource, namespace, name, labels = [], fields = [] } = scope;
  const prefix = keyPrefix(scope);
  const suffix = name === undefined ? "" : `/${name}`;
  const inNamespace = resource === undefined && namespace ? namespace : undefined;
  return (version) =>
    version.key.startsWith(prefix) &&
    version.key.endsWith(suffix) &&
    (inNamespace === undefined || version.field("metadata.namespace") === inNamespace) &&
    (labels.length === 0 || matchesLabels(labels, version.labels)) &&
    (fields.length === 0 || matchesFields(fields, (path) => version.field(path)));
}
