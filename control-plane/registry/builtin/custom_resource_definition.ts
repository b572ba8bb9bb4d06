import type { Condition, KubeObject } from "@servicelet/shared/krm";
import { definitionProblems } from "../definition_rules.ts";
import type { Resource } from "../resource.ts";
import { builtIn, described, int32, list, nameColumn, object, text, time } from "./define.ts";

/** Keeps a definition until its documents are gone. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/** What a definition wants to be called that another one is called already. */
export type NameConflict = (definition: KubeObject) => string | undefined;

/** CustomResourceDefinition: a kind that a document defines.
 *
 * @param nameConflict says which name of a definition is taken, in a sentence
 */
export function customResourceDefinitions(nameConflict: NameConflict): Resource {
  return builtIn({
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    namespaced: false,
    subresources: ["status"],
    description: "CustomResourceDefinition defines a kind: its names, versions and schema.",
    properties: { spec, status },
    columns: [
      nameColumn,
      {
        name: "Created At",
        type: "date",
        verbatim: true,
        cell: ({ metadata }) => metadata.creationTimestamp ?? null,
      },
    ],
    strategy: {
      countsGenerations: true,
      prepareCreate(definition) {
        completeNames(definition);
        addFinalizer(definition);
        definition["status"] = statusOf(definition, undefined, nameConflict(definition));
      },
      prepareUpdate(definition, old) {
        completeNames(definition);
        definition["status"] = statusOf(definition, old["status"], nameConflict(definition));
      },
      prepareDelete(definition) {
        setStatusCondition(definition, {
          type: "Terminating",
          status: "True",
          reason: "InstanceDeletionInProgress",
          message: "CustomResource deletion is in progress",
          lastTransitionTime: definition.metadata.deletionTimestamp ?? "",
        });
      },
      validate: definitionProblems,
    },
  });
}

function completeNames({ spec }: KubeObject): void {
  const names = spec?.names;
  if (typeof names?.kind === "string") {
    names.singular ||= names.kind.toLowerCase();
    names.listKind ||= `${names.kind}List`;
  }
  if (spec && typeof spec === "object") spec.conversion ??= { strategy: "None" };
}

function addFinalizer({ metadata }: KubeObject): void {
  if (!metadata.finalizers?.includes(CLEANUP_FINALIZER)) {
    metadata.finalizers = [...metadata.finalizers ?? [], CLEANUP_FINALIZER];
  }
}

function statusOf(definition: KubeObject, old: KubeObject["status"], conflict: string | undefined): unknown {
  const { names, versions } = definition["spec"] ?? {};
  const storage = Array.isArray(versions) ? versions.find((version) => version?.storage)?.name : undefined;
  const established = conflict === undefined || isEstablished(old);
  const conditions: Condition[] = [...old?.conditions ?? []];
  const now = definition.metadata.creationTimestamp ?? "";
  put(conditions, {
    type: "NamesAccepted",
    lastTransitionTime: now,
    ...(conflict === undefined
      ? { status: "True", reason: "NoConflicts", message: "no conflicts found" }
      : { status: "False", reason: "NamesConflict", message: conflict }),
  });
  put(conditions, {
    type: "Established",
    lastTransitionTime: now,
    ...(established
      ? {
        status: "True",
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
      }
      : { status: "False", reason: "NotAccepted", message: "not all names are accepted" }),
  });
  return {
    ...old,
    conditions,
    acceptedNames: conflict === undefined ? names : old?.acceptedNames ?? { plural: "", kind: "" },
    storedVersions: [...new Set([...old?.storedVersions ?? [], ...(storage === undefined ? [] : [storage])])],
  };
}

function isEstablished(status: KubeObject["status"]): boolean {
  return status?.conditions?.some((condition: Condition) =>
    condition.type === "Established" && condition.status === "True"
  ) === true;
}

function setStatusCondition(definition: KubeObject, condition: Condition): void {
  const conditions = [...definition["status"]?.conditions ?? []];
  put(conditions, condition);
  definition["status"] = { ...definition["status"], conditions };
}

function put(conditions: Condition[], condition: Condition): void {
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const old = conditions[at];
  if (!old) conditions.push(condition);
  else if (old.status !== condition.status) conditions[at] = condition;
  else conditions[at] = { ...condition, lastTransitionTime: old.lastTransitionTime };
}

const names = object({
  plural: described(text, "Name in paths, such as widgets."),
  singular: text,
  shortNames: list(text),
  kind: described(text, "CamelCase, such as Widget."),
  listKind: text,
  categories: list(text),
}, ["plural", "kind"]);

const version = object({
  name: text,
  served: { type: "boolean" },
  storage: { type: "boolean" },
  deprecated: { type: "boolean" },
  deprecationWarning: text,
  schema: object({
    openAPIV3Schema: {
      type: "object",
      description: "A structural schema.",
      "x-kubernetes-preserve-unknown-fields": true,
    },
  }),
  subresources: object({
    status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    scale: object({ specReplicasPath: text, statusReplicasPath: text, labelSelectorPath: text }),
  }),
  additionalPrinterColumns: list(
    object({ name: text, type: text, format: text, description: text, priority: int32, jsonPath: text }, [
      "name",
      "type",
      "jsonPath",
    ]),
  ),
  selectableFields: list(object({ jsonPath: text }, ["jsonPath"])),
}, ["name", "served", "storage"]);

const spec = object({
  group: text,
  names,
  scope: { type: "string", enum: ["Cluster", "Namespaced"] },
  versions: list(version),
  conversion: object({
    strategy: { type: "string", enum: ["None", "Webhook"] },
    webhook: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  }, ["strategy"]),
  preserveUnknownFields: { type: "boolean" },
}, ["group", "names", "scope", "versions"]);

const status = object({
  conditions: list(object({
    type: text,
    status: text,
    reason: text,
    message: text,
    lastTransitionTime: time,
    observedGeneration: { type: "integer" },
  }, ["type", "status"])),
  acceptedNames: { ...names, required: [] },
  storedVersions: list(text),
});
