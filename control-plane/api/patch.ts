import {
  applyJsonPatch,
  applyMergePatch,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
} from "@servicelet/shared/krm";
import { badRequest } from "../registry/failures.ts";
import type { Resource } from "../registry/resource.ts";
import { contentType, parseJson, readText, unsupported } from "./body.ts";
import { documentRef } from "./document_ref.ts";
import type { ResourceVerb } from "./ports.ts";
import { writtenResponse } from "./respond.ts";
import { applyStrategicPatch } from "./strategic_patch.ts";
import { requestedWrite } from "./write_options.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_PATCH = "application/strategic-merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";

type Patch = (current: JsonObject) => Json;

/** PATCH of a document, or of its status. It is applied again where another write came between. */
export function patch(subresource?: "status"): ResourceVerb {
  return async function patch(c, resource, ports) {
    const { options, warnings } = requestedWrite(c, "PatchOptions", subresource);
    const apply = await readPatch(c.req.raw, resource);
    const written = await ports.documents.update(documentRef(c, resource), (current) => {
      const patched = apply(current as unknown as JsonObject);
      if (!isJsonObject(patched)) {
        throw badRequest("the patch must leave an object: it would replace the whole document");
      }
      return patched as KubeObject;
    }, options);
    return writtenResponse(c, resource, written, { status: 200, warnings }, ports);
  };
}

/** The media types of patches that a resource takes. */
export function patchTypes(resource: Resource): string[] {
  return [JSON_PATCH, MERGE_PATCH, ...(resource.custom ? [] : [STRATEGIC_PATCH])];
}

async function readPatch(request: Request, resource: Resource): Promise<Patch> {
  const type = contentType(request);
  if (!patchTypes(resource).includes(type)) {
    const why = type === APPLY_PATCH
      ? " (server-side apply is not supported yet: leave out --server-side)"
      : "";
    throw unsupported(type, patchTypes(resource), why);
  }
  const patch = parseJson(await readText(request));
  if (type === JSON_PATCH) {
    return (current) => applyJsonPatch(current, structuredClone(patch));
  }
  if (!isJsonObject(patch)) {
    throw badRequest(`the patch must be an object: it was ${JSON.stringify(patch).slice(0, 80)}`);
  }
  const apply: (target: JsonObject, patch: JsonObject) => JsonObject = type === MERGE_PATCH
    ? applyMergePatch
    : applyStrategicPatch;
  // A copy each time: the result shares parts with the patch, and becomes the document.
  return (current) => apply(current, structuredClone(patch));
}
