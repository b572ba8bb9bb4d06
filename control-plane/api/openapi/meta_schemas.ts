/** Definitions of what all kinds share: metadata, lists, `Status`, options.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/
 * @module
 */
import type { JsonObject } from "@servicelet/shared/krm";
import { META, reference } from "./schema_names.ts";

const API_VERSION = text(
  "APIVersion defines the versioned schema of this representation of an object: its group and version.",
);
const KIND = text(
  "Kind is a string value representing the REST resource this object represents. In CamelCase.",
);

/** The fields that say what a document is. */
export const TYPE_META: JsonObject = { apiVersion: API_VERSION, kind: KIND };

/** `metadata` of a document. */
export const METADATA: JsonObject = {
  allOf: [reference(`${META}.ObjectMeta`)],
  default: {},
  description: "Standard object's metadata: its name, labels, and what the server keeps about it.",
};

/** `metadata` of a list. */
export const LIST_METADATA: JsonObject = {
  allOf: [reference(`${META}.ListMeta`)],
  default: {},
  description: "Standard list metadata: its revision, and how to go on where it is cut.",
};

/** Definitions by name. */
export const META_SCHEMAS: Readonly<Record<string, JsonObject>> = {
  [`${META}.ObjectMeta`]: object("ObjectMeta is metadata that all persisted resources must have.", {
    name: text("Name must be unique within a namespace. It cannot be updated."),
    generateName: text(
      "GenerateName is an optional prefix: the server makes a unique name of it where name is not given.",
    ),
    namespace: text(
      "Namespace defines the space within which each name must be unique. It cannot be updated.",
    ),
    uid: text("UID is unique in time and space. Set by the server."),
    resourceVersion: text(
      "An opaque value that stands for the revision of this document. Sent back unchanged, it guards a write against " +
        "overwriting another one.",
    ),
    generation: integer("A sequence number of the desired state. Set by the server."),
    creationTimestamp: time("When the document was created. Set by the server."),
    deletionTimestamp: time(
      "When the document was asked to be deleted; it disappears once its finalizers are gone.",
    ),
    deletionGracePeriodSeconds: integer(
      "Seconds that the document has to end gracefully. Set with deletionTimestamp.",
    ),
    labels: texts("Map of keys and values to organize and select documents."),
    annotations: texts("Map of keys and values that tools keep with a document."),
    finalizers: {
      ...list(
        { type: "string", default: "" },
        "Who must have done his part before the document may disappear.",
      ),
      "x-kubernetes-list-type": "set",
      "x-kubernetes-patch-strategy": "merge",
    },
    ownerReferences: {
      ...list(
        { allOf: [reference(`${META}.OwnerReference`)], default: {} },
        "Documents that this one depends on: when all of them are gone, so is this one.",
      ),
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
      "x-kubernetes-patch-merge-key": "uid",
      "x-kubernetes-patch-strategy": "merge",
    },
    managedFields: {
      ...list(
        { allOf: [reference(`${META}.ManagedFieldsEntry`)], default: {} },
        "Which manager set which fields. For the server's own use.",
      ),
      "x-kubernetes-list-type": "atomic",
    },
    selfLink: text("Deprecated: no longer filled in."),
  }),
  [`${META}.OwnerReference`]: {
    ...object("OwnerReference names an owner of a document.", {
      apiVersion: { ...text("API version of the owner."), default: "" },
      kind: { ...text("Kind of the owner."), default: "" },
      name: { ...text("Name of the owner."), default: "" },
      uid: { ...text("UID of the owner."), default: "" },
      controller: flag("True for the one owner that manages this document."),
      blockOwnerDeletion: flag("True where the owner cannot disappear before this document does."),
    }, ["apiVersion", "kind", "name", "uid"]),
    "x-kubernetes-map-type": "atomic",
  },
  [`${META}.ManagedFieldsEntry`]: object("ManagedFieldsEntry says which fields one manager set.", {
    apiVersion: text("Version of the kind to which the fields belong."),
    fieldsType: text("Form of fieldsV1: FieldsV1."),
    fieldsV1: reference(`${META}.FieldsV1`),
    manager: text("Who set the fields."),
    operation: text("Apply or Update."),
    subresource: text("Subresource through which the fields were set."),
    time: time("When the entry last changed."),
  }),
  [`${META}.FieldsV1`]: {
    type: "object",
    description: "FieldsV1 stores a set of fields in a form like that of JSON.",
  },
  [`${META}.Time`]: { type: "string", format: "date-time", description: "A time, RFC 3339." },
  [`${META}.ListMeta`]: object("ListMeta is metadata of lists.", {
    continue: text("Token to ask for the rest of the list with; empty at its end."),
    remainingItemCount: integer("How many items are left, as far as known."),
    resourceVersion: text("Revision at which the list was so. A watch goes on from it."),
    selfLink: text("Deprecated: no longer filled in."),
  }),
  [`${META}.Status`]: {
    ...object("Status is the answer to a request that answers no document.", {
      ...TYPE_META,
      metadata: LIST_METADATA,
      status: text("Success or Failure."),
      message: text("What happened, for people."),
      reason: text("Why it failed, for programs."),
      code: { ...integer("HTTP status code."), format: "int32" },
      details: reference(`${META}.StatusDetails`),
    }),
    "x-kubernetes-group-version-kind": [{ group: "", kind: "Status", version: "v1" }],
  },
  [`${META}.StatusDetails`]: object("StatusDetails says what a failure is about.", {
    name: text("Name of the document."),
    group: text("Group of the document's kind."),
    kind: text("Kind or resource of the document."),
    uid: text("UID of the document."),
    causes: list(
      { allOf: [reference(`${META}.StatusCause`)], default: {} },
      "One entry for each field that is wrong.",
    ),
    retryAfterSeconds: { ...integer("Seconds to wait before trying again."), format: "int32" },
  }),
  [`${META}.StatusCause`]: object("StatusCause is one detail of a failure.", {
    field: text("Path of the field."),
    message: text("What is wrong, for people."),
    reason: text("What is wrong, for programs."),
  }),
  [`${META}.Preconditions`]: object("Preconditions must be fulfilled before a document is deleted.", {
    resourceVersion: text("Revision that the document must have."),
    uid: text("UID that the document must have."),
  }),
  [`${META}.DeleteOptions`]: object("DeleteOptions says how to delete.", {
    ...TYPE_META,
    dryRun: list({ type: "string", default: "" }, "All: checks everything and deletes nothing."),
    gracePeriodSeconds: integer("Seconds that the document has to end gracefully."),
    preconditions: reference(`${META}.Preconditions`),
    propagationPolicy: text("What becomes of dependents: Orphan, Background or Foreground."),
    orphanDependents: flag("Deprecated: use propagationPolicy."),
  }),
  [`${META}.Patch`]: {
    type: "object",
    description: "Patch is a change of a document, in the form that its media type says.",
  },
};

function object(description: string, properties: JsonObject, required: string[] = []): JsonObject {
  return { type: "object", description, properties, ...(required.length > 0 ? { required } : {}) };
}

function text(description: string): JsonObject {
  return { type: "string", description };
}

function flag(description: string): JsonObject {
  return { type: "boolean", description };
}

function integer(description: string): JsonObject {
  return { type: "integer", format: "int64", description };
}

function time(description: string): JsonObject {
  return { allOf: [reference(`${META}.Time`)], description };
}

function texts(description: string): JsonObject {
  return { type: "object", description, additionalProperties: { type: "string", default: "" } };
}

function list(items: JsonObject, description: string): JsonObject {
  return { type: "array", description, items };
}
