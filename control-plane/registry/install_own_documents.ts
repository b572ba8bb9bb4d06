import { deepEqual, type KubeObject, StatusError } from "@servicelet/shared/krm";
import { PERMANENT_NAMESPACES } from "./builtin/namespace.ts";
import type { Documents } from "./documents.ts";
import type { Resource, ResourceRegistry } from "./resource.ts";

/** Where the documents go. */
export interface InstallPorts {
  readonly documents: Documents;
  readonly registry: ResourceRegistry;
}

/** Writes the documents that a control plane cannot do without: its namespaces and the definitions of its own kinds. What is there
 * already and differs is brought up to date; what people added to its metadata stays. */
export async function installOwnDocuments(
  definitions: readonly KubeObject[],
  { documents, registry }: InstallPorts,
): Promise<void> {
  const namespaces = builtIn(registry, "/namespaces");
  await Promise.all(
    PERMANENT_NAMESPACES.map((name) =>
      install(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } }, documents)
    ),
  );
  const kinds = builtIn(registry, "apiextensions.k8s.io/customresourcedefinitions");
  await Promise.all(definitions.map((definition) => install(kinds, definition, documents)));
}

async function install(resource: Resource, wanted: KubeObject, documents: Documents): Promise<void> {
  const ref = { resource, namespace: "", name: wanted.metadata.name };
  const present = documents.get(ref);
  // The usual case, at every start but the first: an update would check the whole definition before it finds nothing to do.
  if (present && (wanted["spec"] === undefined || deepEqual(present["spec"], wanted["spec"]))) return;
  if (!present) {
    try {
      await documents.create(resource, "", structuredClone(wanted));
      return;
    } catch (error) {
      // Another instance of the control plane starts at the same time.
      if (!(error instanceof StatusError && error.reason === "AlreadyExists")) throw error;
    }
  }
  await documents.update(ref, (current) => {
    const { spec } = structuredClone(wanted);
    return spec === undefined ? current : { ...current, spec };
  });
}

function builtIn(registry: ResourceRegistry, name: string): Resource {
  const resource = registry.stored(name);
  if (!resource) {
    throw new TypeError(`Cannot install documents of ${name}: there is no such built-in resource`);
  }
  return resource;
}
