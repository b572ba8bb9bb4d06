import type { JsonObject, KubeList, KubeObject } from "@servicelet/shared/krm";
import type { Clock } from "@servicelet/shared/ports";
import { apiVersionOf } from "../registry/document_key.ts";
import { badRequest } from "../registry/failures.ts";
import type { Resource } from "../registry/resource.ts";
import type { Representation } from "./negotiate.ts";
import { metadataOf } from "./partial_metadata.ts";
import type { Projection } from "./projection.ts";
import { type IncludeObject, tableOf } from "./table.ts";

/** How documents are shown in a representation; undefined for JSON of the documents as they are. The only place that knows tables and
 * metadata, for single documents, lists and watches alike.
 *
 * @throws {StatusError} `BadRequest` for a wrong `includeObject`
 */
export async function projectionOf(
  resource: Pick<Resource, "group" | "version" | "listKind" | "columns">,
  { format, projection, metaVersion }: Representation,
  { query, clock }: { readonly query: URLSearchParams; readonly clock: Clock },
): Promise<Projection | undefined> {
  if (format === "json" && projection === "object") return undefined;
  const write = format === "json" ? toJson : (await import("yaml")).stringify;
  const contentType = format === "json" ? "application/json" : "application/yaml";
  const apiVersion = `meta.k8s.io/${metaVersion}`;
  if (projection === "table") {
    const includeObject = includedObject(query);
    const table = (documents: readonly KubeObject[], metadata: JsonObject, headers: boolean) =>
      tableOf(resource, documents, { apiVersion, metadata, includeObject, headers, now: clock.now() });
    return {
      contentType,
      list: (documents, metadata) => write(table(documents, { ...metadata }, true)),
      watch() {
        let headers = true;
        return function show(document) {
          const { resourceVersion = "" } = document.metadata;
          const shown = table([document], { resourceVersion }, headers);
          headers = false;
          return shown;
        };
      },
    };
  }
  const show = projection === "metadata" ? (document: KubeObject) => metadataOf(document, apiVersion) : asIs;
  const kind = projection === "metadata" ? "PartialObjectMetadataList" : resource.listKind;
  const listVersion = projection === "metadata" ? apiVersion : apiVersionOf(resource);
  return {
    contentType,
    list: (documents: readonly KubeObject[], metadata: KubeList["metadata"]) =>
      write({ kind, apiVersion: listVersion, metadata, items: documents.map(show) }),
    watch: () => show,
  };
}

function includedObject(query: URLSearchParams): IncludeObject {
  const given = query.get("includeObject") || "Metadata";
  if (given === "None" || given === "Metadata" || given === "Object") return given;
  throw badRequest(`includeObject must be None, Metadata or Object: it was ${JSON.stringify(given)}`);
}

function asIs(document: KubeObject): JsonObject {
  return document as unknown as JsonObject;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
