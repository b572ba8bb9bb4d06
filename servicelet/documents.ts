import { documentPath, type KubeObject } from "@servicelet/shared/krm";
import { PROVIDER_GROUP } from "@servicelet/shared/kinds";

/** `{plural}/{namespace}/{name}`: what a capability is called on this runtime. */
export function idOf({ kind, metadata }: KubeObject): string {
  return `${pluralOf(kind)}/${metadata.namespace ?? ""}/${metadata.name}`;
}

/** Path of a capability's document, or of its status. */
export function pathOf({ apiVersion, kind, metadata }: KubeObject, subresource?: "status"): string {
  const [group = "", version = ""] = apiVersion.split("/");
  return documentPath({
    group,
    version,
    plural: pluralOf(kind),
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    ...(subresource === undefined ? {} : { subresource }),
  });
}

/** Path of a ServiceRuntime, or of what hangs on it; without a name of all of them. */
export function runtimePath(name?: string, subresource?: "status" | "assignments"): string {
  return documentPath({
    group: PROVIDER_GROUP,
    version: "v1alpha1",
    plural: "serviceruntimes",
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  });
}

// Documents say their kind, paths their plural. Every kind that a runtime can run is spelled this way.
function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`;
}
