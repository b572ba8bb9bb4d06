/** The parts that every document of the Kubernetes Resource Model shares.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md
 * @module
 */

/** A JSON value as it stands in a document. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Names the owner whose deletion deletes the document too. */
export interface OwnerReference {
  /** Group and version of the owner. */
  apiVersion: string;
  /** Kind of the owner. */
  kind: string;
  /** Name of the owner, in the same namespace or cluster-wide. */
  name: string;
  /** Identity of the owner: a later document of its name is not meant. */
  uid: string;
  /** True for the one owner that looks after this document. */
  controller?: boolean;
  /** True where a foreground deletion of the owner waits for this document. */
  blockOwnerDeletion?: boolean;
}

/** Identity and bookkeeping of a document. Times are RFC 3339 in UTC with seconds. */
export interface ObjectMeta {
  /** Unique among the documents of the kind in its namespace. */
  name: string;
  /** Absent for cluster-scoped kinds. */
  namespace?: string;
  /** Start of a name that the server completes. */
  generateName?: string;
  /** Identity: never used again for another document. */
  uid?: string;
  /** Revision of the last write, a decimal integer as text. */
  resourceVersion?: string;
  /** Counts changes of what is wanted; starts at 1. */
  generation?: number;
  /** When the server took it. */
  creationTimestamp?: string;
  /** When its deletion was asked for; it is there until its finalizers are gone. */
  deletionTimestamp?: string;
  /** Seconds that a deletion grants; 0 for all our kinds. */
  deletionGracePeriodSeconds?: number;
  /** What selectors go by. */
  labels?: Record<string, string>;
  /** What programs note down. */
  annotations?: Record<string, string>;
  /** Who must still do something before the document disappears. */
  finalizers?: string[];
  /** Whose deletion deletes this too. */
  ownerReferences?: OwnerReference[];
  /** Who owns which field, for server-side apply. */
  managedFields?: Json[];
}

/** A document of any kind. */
export interface KubeObject {
  /** Group and version. */
  apiVersion: string;
  /** Kind within the group. */
  kind: string;
  /** Identity and bookkeeping. */
  metadata: ObjectMeta;
  /** Everything else, such as `spec`, `status` and `data`. */
  // deno-lint-ignore no-explicit-any -- the one place where a document of an unknown kind is open
  [field: string]: any;
}

/** A list of documents at one revision. */
export interface KubeList<T = KubeObject> {
  /** Group and version. */
  apiVersion: string;
  /** Kind of the list, such as `SecretList`. */
  kind: string;
  /** The revision of all items, and where to go on. */
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  /** The documents, in order of namespace and name. */
  items: T[];
}

/** One observation about a document. `type` is positive: `True` is the good state. */
export interface Condition {
  /** What is observed; a document has one condition of each type. */
  type: string;
  /** Whether it is so. */
  status: "True" | "False" | "Unknown";
  /** CamelCase, for programs. */
  reason: string;
  /** A sentence, for people: what is so, and what to do. */
  message: string;
  /** RFC 3339; moves only when `status` does. */
  lastTransitionTime: string;
  /** The `metadata.generation` that this was observed of. */
  observedGeneration?: number;
}

/** One line of a watch. */
export interface WatchEvent<T = KubeObject> {
  /** What happened. */
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  /** The document after it; for `DELETED` its last state. */
  object: T;
}
