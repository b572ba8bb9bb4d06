import type { JsonObject } from "@servicelet/shared/krm";
import type { Resource } from "../../registry/resource.ts";

/** Prefix of the definitions of `meta.k8s.io/v1`. Client generators know them by this name. */
export const META = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** Name of a kind's definition: that of Kubernetes for built-in kinds, the reversed group for others. */
export function schemaName({ group, version, kind, custom }: Resource): string {
  if (!custom && group === "apiextensions.k8s.io") {
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${kind}`;
  }
  if (!custom) return `io.k8s.api.${group === "" ? "core" : group.split(".")[0]}.${version}.${kind}`;
  return `${group.split(".").toReversed().join(".")}.${version}.${kind}`;
}

/** Name of the definition of a list of a kind. */
export function listSchemaName(resource: Resource): string {
  return schemaName({ ...resource, kind: resource.listKind });
}

/** The kind that a definition or an operation is of. */
export function kindOf({ group, version, kind }: Resource): JsonObject {
  return { group, version, kind };
}

/** A reference to a definition, as OpenAPI v3 writes it. */
export function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}
