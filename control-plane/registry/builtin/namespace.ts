import { IDENTITY_NAMESPACE, SYSTEM_NAMESPACE } from "@servicelet/shared/kinds";
import type { KubeObject } from "@servicelet/shared/krm";
import { forbidden } from "../failures.ts";
import type { Resource } from "../resource.ts";
import { ageColumn, ALL_VERBS, builtIn, described, list, nameColumn, object, text, time } from "./define.ts";

/** Label by which selectors find a namespace by its name; always set. */
const NAME_LABEL = "kubernetes.io/metadata.name";
/** Finalizer in `spec.finalizers` until the content is gone. */
const CONTENT_FINALIZER = "kubernetes";
/** Namespaces that every control plane has; nobody deletes them. */
export const PERMANENT_NAMESPACES: readonly string[] = ["default", IDENTITY_NAMESPACE, SYSTEM_NAMESPACE];

/** Namespace: a scope for names. */
export function namespaces(): Resource {
  const resource: Resource = builtIn({
    group: "",
    version: "v1",
    kind: "Namespace",
    plural: "namespaces",
    shortNames: ["ns"],
    namespaced: false,
    verbs: ALL_VERBS.filter((verb) => verb !== "deletecollection"),
    subresources: ["status", "finalize"],
    description: "Namespace provides a scope for names.",
    properties: {
      spec: object({
        finalizers: described(
          list(text),
          "Must be empty before the namespace disappears. Written by finalize.",
        ),
      }),
      status: object({
        phase: described(text, "Active, or Terminating while the content is being deleted."),
        conditions: list(object({
          type: text,
          status: text,
          reason: text,
          message: text,
          lastTransitionTime: time,
        }, ["type", "status"])),
      }),
    },
    columns: [
      nameColumn,
      { name: "Status", type: "string", cell: (document) => document["status"]?.phase ?? null },
      ageColumn,
    ],
    fields: { "status.phase": (document) => document["status"]?.phase ?? "" },
    strategy: {
      names: "label",
      allowUnconditionalUpdate: true,
      prepareCreate(document) {
        label(document);
        document["spec"] = { finalizers: [CONTENT_FINALIZER] };
        document["status"] = { phase: "Active" };
      },
      prepareUpdate(document, old) {
        label(document);
        document["spec"] = old["spec"] ?? {};
      },
      prepareDelete(document) {
        document["status"] = { ...document["status"], phase: "Terminating" };
      },
      checkDelete(document) {
        const { name } = document.metadata;
        if (PERMANENT_NAMESPACES.includes(name)) {
          throw forbidden(resource, name, "this namespace may not be deleted");
        }
      },
      finalizers: (document) => document["spec"]?.finalizers ?? [],
    },
  });
  return resource;
}

function label({ metadata }: KubeObject): void {
  if (metadata.labels?.[NAME_LABEL] === metadata.name) return;
  metadata.labels = { ...metadata.labels, [NAME_LABEL]: metadata.name };
}
