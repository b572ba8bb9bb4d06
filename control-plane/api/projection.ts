import type { JsonObject, KubeList, KubeObject } from "@servicelet/shared/krm";

/** How documents are shown to clients that do not want them as they are stored: as a Table, as metadata, as YAML. */
export interface Projection {
  /** Of the answer to a list, such as `application/json` or `application/yaml`. */
  readonly contentType: string;
  /** The body of a list. */
  list(documents: readonly KubeObject[], metadata: KubeList["metadata"]): string;
  /** Begins one watch: the answer shows the `object` of each event, bookmarks too, in order (a Table names its columns only once). */
  watch(): (document: KubeObject) => JsonObject;
}
