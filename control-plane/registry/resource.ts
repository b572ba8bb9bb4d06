/** What a resource is: the request pipeline works from this description and knows no kind by name.
 *
 * @module
 */
import type { InvalidField, JsonObject, KubeObject } from "@servicelet/shared/krm";

/** A column of `kubectl get`. */
export interface Column {
  /** Heading. */
  readonly name: string;
  /** How clients read the cell. */
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** OpenAPI format that narrows the type; `name` marks the column that names the document. */
  readonly format?: string;
  /** What the cell shows, in a sentence. */
  readonly description?: string;
  /** Above 0 only with `-o wide`. */
  readonly priority?: number;
  /** True where a date is shown as it stands and not as an age. */
  readonly verbatim?: boolean;
  /** The cell of a document; null where it has none. Dates as RFC 3339. */
  cell(document: KubeObject): string | number | boolean | null;
}

/** A schema compiled once per revision of its definition. */
export interface DocumentSchema {
  /** The OpenAPI v3 schema, for `/openapi/v3` and explain. */
  readonly openapi: JsonObject;
  /** Fills in defaults, in place. */
  applyDefaults(document: KubeObject): void;
  /** Removes fields that the schema does not know, in place; answers their paths. */
  prune(document: KubeObject): string[];
  /** Every violation; `old` is the document before an update. */
  validate(document: KubeObject, old?: KubeObject): InvalidField[];
}

/** What is special about writes of one resource. */
export interface Strategy {
  /** Sets what the server decides on create, in place (such as phase or defaults). */
  prepareCreate?(document: KubeObject): void;
  /** Sets what the server decides on update, in place. */
  prepareUpdate?(document: KubeObject, old: KubeObject): void;
  /** Sets what the server decides when a deletion begins and finalizers still hold the document, in place. */
  prepareDelete?(document: KubeObject): void;
  /** Refuses a deletion.
   *
   * @throws {StatusError} `Forbidden` */
  checkDelete?(document: KubeObject): void;
  /** Finalizers kept elsewhere than in `metadata.finalizers`; they hold the document as well. */
  finalizers?(document: KubeObject): readonly string[];
  /** Violations that a schema cannot say; `old` is set on update. */
  validate?(document: KubeObject, old?: KubeObject): InvalidField[];
  /** True where a PUT without `metadata.resourceVersion` is taken (most built-in kinds; never custom resources). */
  readonly allowUnconditionalUpdate?: boolean;
  /** Kinds of names. Default: DNS subdomain. */
  readonly names?: "subdomain" | "label" | "path";
  /** True where `metadata.generation` counts changes outside of metadata and status. */
  readonly countsGenerations?: boolean;
}

/** One served resource: one version of one kind. */
export interface Resource {
  /** API group; empty for the core group. */
  readonly group: string;
  /** Version that this description is of, such as `v1`. */
  readonly version: string;
  /** Name in paths. */
  readonly plural: string;
  /** Name for one document on the command line. */
  readonly singular: string;
  /** Kind in CamelCase. */
  readonly kind: string;
  /** Kind of lists, such as `ConfigMapList`. */
  readonly listKind: string;
  /** False for a cluster-scoped resource. */
  readonly namespaced: boolean;
  /** Further names on the command line. */
  readonly shortNames: readonly string[];
  /** Groups of kinds on the command line, such as `all`. */
  readonly categories: readonly string[];
  /** What can be done with it: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verbs: readonly string[];
  /** `status` gets an endpoint of its own, and the main endpoint then ignores changes of it. */
  readonly subresources: readonly ("status" | "finalize" | "assignments")[];
  /** What `kubectl get` prints. */
  readonly columns: readonly Column[];
  /** Absent where every document of the right shape of metadata is valid. */
  readonly schema?: DocumentSchema;
  /** What is special about writing it. */
  readonly strategy: Strategy;
  /** Paths that `fieldSelector` knows beside metadata.name and metadata.namespace, with how to read them. */
  readonly fields: Readonly<Record<string, (document: KubeObject) => string>>;
  /** Version that is written to the store; documents stored at another are converted on the way (`apiVersion` is rewritten). */
  readonly storageVersion: string;
  /** True for kinds defined by a CustomResourceDefinition. */
  readonly custom: boolean;
}

/** The resources served now. Changes when CustomResourceDefinitions do. */
export interface ResourceRegistry {
  /** The resource at a path, or undefined. */
  find(group: string, version: string, plural: string): Resource | undefined;
  /** Every served version of every resource. */
  all(): readonly Resource[];
  /** Resource of a stored document by `group/plural`, at its storage version. */
  stored(groupResource: string): Resource | undefined;
  /** Grows with each change; for ETags. */
  readonly generation: number;
}
