import type { KubeObject } from "@servicelet/shared/krm";
import { documentKey } from "../registry/document_key.ts";
import { badRequest, notFound } from "../registry/failures.ts";
import { documentRef } from "./document_ref.ts";
import type { ResourceVerb } from "./ports.ts";
import { documentResponse } from "./respond.ts";

const UTF8 = new TextDecoder();

/** GET of one document: at least as new as every write that was acknowledged before, or as `resourceVersion` asks for. */
export const get: ResourceVerb = async (c, resource, { cache, clock }) => {
  const wanted = c.req.query("resourceVersion") ?? "";
  if (wanted === "") await cache.sync();
  else if (!/^(0|[1-9][0-9]{0,14})$/.test(wanted)) {
    throw badRequest(
      `resourceVersion must be a revision that this server gave: it was ${JSON.stringify(wanted)}`,
    );
  } else await cache.waitFor(Number(wanted));

  const { namespace, name } = documentRef(c, resource);
  const cached = cache.get(documentKey(resource, namespace, name));
  if (!cached) throw notFound(resource, name);
  const document = (): KubeObject => JSON.parse(UTF8.decode(cached.bytes));
  return documentResponse(c, resource, { document, bytes: cached.bytes, clock });
};
