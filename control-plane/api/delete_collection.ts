import { isNotFound } from "@servicelet/shared/krm";
import type { Scope } from "../cache/mod.ts";
import { groupResource } from "../registry/document_key.ts";
import { deleteOptions } from "./delete_options.ts";
import { listOptions, selectedScope } from "./list_options.ts";
import type { ResourceVerb } from "./ports.ts";
import { jsonResponse } from "./respond.ts";

/** DELETE of a collection: each document that the selectors choose, one after the other; not atomic. */
export const deleteCollection: ResourceVerb = async (c, resource, { cache, documents }) => {
  const { namespace } = c.var.info;
  const options = await deleteOptions(c);
  const { searchParams: query } = new URL(c.req.url);
  await cache.sync();
  const path: Scope = {
    resource: groupResource(resource),
    ...(resource.namespaced && namespace !== "" ? { namespace } : {}),
  };
  for (const { key } of [...cache.list(selectedScope(path, listOptions(query, resource)))]) {
    const [namespace = "", name = ""] = key.split("/").slice(-2);
    try {
      await documents.delete({ resource, namespace, name }, options);
    } catch (error) {
      // Somebody else deleted it meanwhile: that is what was asked for.
      if (!isNotFound(error)) throw error;
    }
  }
  return jsonResponse(c, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" });
};
