import type { DocumentRef } from "../registry/documents.ts";
import type { Resource } from "../registry/resource.ts";
import type { ApiContext } from "./environment.ts";

/** The document that a request names. */
export function documentRef(c: ApiContext, resource: Resource): DocumentRef {
  const { namespace, name } = c.var.info;
  return { resource, namespace: resource.namespaced ? namespace : "", name };
}
