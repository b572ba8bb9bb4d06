import { documentBody } from "./document_body.ts";
import type { ResourceVerb } from "./ports.ts";
import { writtenResponse } from "./respond.ts";
import { requestedWrite } from "./write_options.ts";

/** POST of a document to a collection. */
export const create: ResourceVerb = async (c, resource, ports) => {
  const { options, warnings } = requestedWrite(c, "CreateOptions");
  const document = await documentBody(c, resource);
  const created = await ports.documents.create(resource, c.var.info.namespace, document, options);
  return writtenResponse(c, resource, created, { status: 201, warnings }, ports);
};
