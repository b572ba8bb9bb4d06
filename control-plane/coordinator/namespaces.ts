import { isNotFound, setCondition } from "@servicelet/shared/krm";
import { createQueue, type Next } from "@servicelet/shared/reconcile";
import { groupResource } from "../registry/document_key.ts";
import { deleteAll } from "./delete_all.ts";
import { followDocuments, refOf } from "./follow_documents.ts";
import type { CoordinatorPorts } from "./ports.ts";

/** Milliseconds between two looks at a namespace whose content is held by finalizers. */
const LOOK_AGAIN_MS = 200;

/** Empties namespaces that are being deleted, then lets them go. */
export function startNamespaces(ports: CoordinatorPorts): AsyncDisposable {
  const { cache, documents, registry, clock } = ports;
  const queue = createQueue({ ...ports, reconcile: empty });
  const following = followDocuments(cache, { resource: "/namespaces" }, (key, namespace) => {
    if (namespace?.metadata.deletionTimestamp) queue.add(key);
  });

  async function empty(key: string): Promise<Next | void> {
    const ref = refOf(registry, key);
    if (!ref || !documents.get(ref)?.metadata.deletionTimestamp) return;
    const plurals = registry.all().filter(({ namespaced }) => namespaced).map(groupResource);
    let held = 0;
    for (const resource of new Set(plurals)) {
      held += await deleteAll({ resource, namespace: ref.name }, ports);
    }
    try {
      if (held > 0) {
        await documents.update(ref, (namespace) => {
          const conditions = namespace["status"]?.conditions ?? [];
          setCondition(conditions, remaining(held), clock.now());
          namespace["status"] = { ...namespace["status"], conditions };
          return namespace;
        }, { subresource: "status" });
        return { requeueAfterMs: LOOK_AGAIN_MS };
      }
      await documents.update(ref, (namespace) => {
        namespace["spec"] = { ...namespace["spec"], finalizers: [] };
        return namespace;
      }, { subresource: "finalize" });
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

function remaining(count: number) {
  return {
    type: "NamespaceFinalizersRemaining",
    status: "True",
    reason: "SomeFinalizersRemain",
    message: `${count} ${count === 1 ? "document waits" : "documents wait"} for finalizers to be removed`,
  } as const;
}
