import type { KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "../registry/resource.ts";
import { deleteOptions } from "./delete_options.ts";
import { documentRef } from "./document_ref.ts";
import type { ResourceVerb } from "./ports.ts";
import { jsonResponse, writtenResponse } from "./respond.ts";

/** DELETE of one document: answers what is left of it while finalizers hold it, else a `Status`. */
export const deleteOne: ResourceVerb = async (c, resource, ports) => {
  const options = await deleteOptions(c);
  const { document, gone } = await ports.documents.delete(documentRef(c, resource), options);
  if (!gone) return writtenResponse(c, resource, document, { status: 200, warnings: [] }, ports);
  return jsonResponse(c, success(resource, document));
};

function success({ group, plural }: Resource, { metadata: { name, uid = "" } }: KubeObject) {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...(group === "" ? {} : { group }), kind: plural, uid },
  };
}
