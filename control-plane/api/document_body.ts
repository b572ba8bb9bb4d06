import { isJsonObject, type KubeObject } from "@servicelet/shared/krm";
import { apiVersionOf } from "../registry/document_key.ts";
import { badRequest } from "../registry/failures.ts";
import type { Resource } from "../registry/resource.ts";
import { readBody } from "./body.ts";
import type { ApiContext } from "./environment.ts";

/** The document in the body of a request. Documents of built-in kinds may leave apiVersion and kind out: the path says them.
 *
 * @throws {StatusError} `BadRequest` where there is none, and what {@link readBody} throws
 */
export async function documentBody(c: ApiContext, resource: Resource): Promise<KubeObject> {
  const body = await readBody(c.req.raw);
  if (!isJsonObject(body)) {
    const was = body === undefined ? "empty" : JSON.stringify(body).slice(0, 80);
    throw badRequest(`the body of the request must be a ${resource.kind} object: it was ${was}`);
  }
  const document = body as KubeObject;
  if (!resource.custom) {
    document.apiVersion ||= apiVersionOf(resource);
    document.kind ||= resource.kind;
  }
  return document;
}
