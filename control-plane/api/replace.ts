import { isJsonObject, type Json, type KubeObject } from "@servicelet/shared/krm";
import { badRequest } from "../registry/failures.ts";
import { documentRef } from "./document_ref.ts";
import { documentBody } from "./document_body.ts";
import type { ResourceVerb } from "./ports.ts";
import { writtenResponse } from "./respond.ts";
import { requestedWrite } from "./write_options.ts";

/** PUT of a document, or of a part of it. */
export function replace(subresource?: "status" | "finalize"): ResourceVerb {
  return async function replace(c, resource, ports) {
    const { options, warnings } = requestedWrite(c, "UpdateOptions", subresource);
    const document = await documentBody(c, resource);
    const ref = documentRef(c, resource);
    checkIdentity(document, ref);
    // With a revision there is one attempt only; without, each needs the document as it came.
    const once = document.metadata.resourceVersion !== undefined;
    const written = await ports.documents.update(
      ref,
      () => once ? document : structuredClone(document),
      options,
    );
    return writtenResponse(c, resource, written, { status: 200, warnings }, ports);
  };
}

function checkIdentity(document: KubeObject, { namespace, name }: { namespace: string; name: string }): void {
  const metadata = document.metadata ??= { name };
  // What it must be is said where all documents are decoded.
  if (!isJsonObject(metadata as unknown as Json)) return;
  metadata.name ||= name;
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the object (${metadata.namespace}) does not match the namespace on the URL (${namespace})`,
    );
  }
}
