import type { Json, KubeObject } from "@servicelet/shared/krm";
import type { Clock } from "@servicelet/shared/ports";
import { apiVersionOf, documentKey } from "../registry/document_key.ts";
import type { Resource } from "../registry/resource.ts";
import type { ApiContext } from "./environment.ts";
import { negotiate, type Representation } from "./negotiate.ts";
import type { ApiPorts } from "./ports.ts";
import { projectionOf } from "./projections.ts";
import { addWarnings } from "./warnings.ts";

const JSON_HEADERS = { "content-type": "application/json" };

/** How the answer to a write looks beside its document. */
export interface WrittenOptions {
  readonly status: 200 | 201;
  readonly warnings: readonly string[];
}

/** Answers a document that was written, from the bytes in the cache where that is the state written. */
export function writtenResponse(
  c: ApiContext,
  resource: Resource,
  document: KubeObject,
  { status, warnings }: WrittenOptions,
  { cache, clock }: ApiPorts,
): Response | Promise<Response> {
  const { namespace = "", name, resourceVersion } = document.metadata;
  const cached = cache.get(documentKey(resource, namespace, name));
  const bytes = cached && String(cached.revision) === resourceVersion ? cached.bytes : undefined;
  const answer = documentResponse(c, resource, { document: () => document, bytes, clock }, status);
  if (warnings.length === 0) return answer;
  return Promise.resolve(answer).then((response) => {
    addWarnings(response.headers, warnings);
    return response;
  });
}

/** A document to be answered: parsed when it is asked for, and its bytes where they are at hand. */
export interface Answered {
  document(): KubeObject;
  readonly bytes: Uint8Array | undefined;
  /** For the ages in tables. */
  readonly clock: Clock;
}

/** Answers one document in the representation that the client accepts. */
export function documentResponse(
  c: ApiContext,
  resource: Resource,
  { document, bytes, clock }: Answered,
  status: 200 | 201 = 200,
): Response | Promise<Response> {
  const representation = negotiate(c.req.raw.headers.get("accept"));
  const plain = representation.projection === "object" && representation.format === "json" && !isPretty(c);
  if (plain && bytes && resource.version === resource.storageVersion) {
    return new Response(bytes as Uint8Array<ArrayBuffer>, { status, headers: JSON_HEADERS });
  }
  return projected(c, resource, document(), { representation, status, clock });
}

async function projected(
  c: ApiContext,
  resource: Resource,
  document: KubeObject,
  { representation, status, clock }: { representation: Representation; status: number; clock: Clock },
): Promise<Response> {
  const served = { ...document, apiVersion: apiVersionOf(resource) };
  const projection = await projectionOf(resource, representation, {
    query: new URL(c.req.url).searchParams,
    clock,
  });
  return encoded(c, projection ? projection.watch()(served) : served, representation, status);
}

/** Answers JSON that is no document of a resource. */
export function jsonResponse(c: ApiContext, value: Json, status = 200): Response | Promise<Response> {
  const { format } = negotiate(c.req.raw.headers.get("accept"));
  return encoded(c, value, { format, projection: "object", metaVersion: "v1" }, status);
}

async function encoded(
  c: ApiContext,
  value: unknown,
  { format }: Representation,
  status: number,
): Promise<Response> {
  if (format === "yaml") {
    const { stringify } = await import("yaml");
    return new Response(stringify(value), { status, headers: { "content-type": "application/yaml" } });
  }
  const text = isPretty(c) ? JSON.stringify(value, undefined, 2) : JSON.stringify(value);
  return new Response(`${text}\n`, { status, headers: JSON_HEADERS });
}

/** True where a person asked for indented JSON. */
function isPretty(c: ApiContext): boolean {
  if (!c.req.url.includes("pretty")) return false;
  const pretty = c.req.query("pretty");
  return pretty !== undefined && pretty !== "false" && pretty !== "0";
}
