import type { CachedDocument } from "../cache/mod.ts";
import { apiVersionOf } from "../registry/document_key.ts";
import type { Resource } from "../registry/resource.ts";

const UTF8 = { decoder: new TextDecoder(), encoder: new TextEncoder() };

/** Rewrites stored bytes to the version that a resource serves; undefined where documents are stored at it. */
export function conversionOf(
  resource: Resource,
): ((document: Pick<CachedDocument, "bytes">) => Uint8Array) | undefined {
  if (resource.version === resource.storageVersion) return undefined;
  const apiVersion = apiVersionOf(resource);
  return ({ bytes }) =>
    UTF8.encoder.encode(JSON.stringify({ ...JSON.parse(UTF8.decoder.decode(bytes)), apiVersion }));
}
