import { isNotFound } from "@servicelet/shared/krm";
import { createQueue, type Next } from "@servicelet/shared/reconcile";
import { CLEANUP_FINALIZER } from "../registry/builtin/custom_resource_definition.ts";
import { deleteAll } from "./delete_all.ts";
import { followDocuments, refOf } from "./follow_documents.ts";
import type { CoordinatorPorts } from "./ports.ts";

/** Milliseconds between two looks at a definition whose documents are held by finalizers. */
const LOOK_AGAIN_MS = 200;

/** Deletes the documents of CustomResourceDefinitions that are being deleted, then lets these go. */
export function startDefinitions(ports: CoordinatorPorts): AsyncDisposable {
  const { cache, documents, registry } = ports;
  const queue = createQueue({ ...ports, reconcile: empty });
  const scope = { resource: "apiextensions.k8s.io/customresourcedefinitions" };
  const following = followDocuments(cache, scope, (key, definition) => {
    if (definition?.metadata.deletionTimestamp) queue.add(key);
  });

  async function empty(key: string): Promise<Next | void> {
    const ref = refOf(registry, key);
    const definition = ref && documents.get(ref);
    if (!ref || !definition?.metadata.deletionTimestamp) return;
    const { group, names } = definition["spec"];
    const held = await deleteAll({ resource: `${group}/${names.plural}` }, ports);
    if (held > 0) return { requeueAfterMs: LOOK_AGAIN_MS };
    try {
      await documents.update(ref, (current) => {
        current.metadata.finalizers = current.metadata.finalizers?.filter((name) =>
          name !== CLEANUP_FINALIZER
        ) ?? [];
        return current;
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      following[Symbol.dispose]();
      await queue[Symbol.asyncDispose]();
    },
  };
}
