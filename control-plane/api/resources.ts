import type { Handler } from "hono";
import type { Resource } from "../registry/resource.ts";
import { badRequest } from "../registry/failures.ts";
import { create } from "./create.ts";
import { deleteOne } from "./delete.ts";
import { deleteCollection } from "./delete_collection.ts";
import type { ApiEnv } from "./environment.ts";
import { methodNotAllowed, unknownPath } from "./errors.ts";
import { get } from "./get.ts";
import { list, listAssignments } from "./list_verbs.ts";
import { patch } from "./patch.ts";
import type { ApiPorts, ResourceVerb } from "./ports.ts";
import { replace } from "./replace.ts";
import type { RequestInfo } from "./request_info.ts";

type Verbs = Readonly<Record<string, ResourceVerb>>;

const COLLECTION: Verbs = { list, watch: list, create, deletecollection: deleteCollection };
const DOCUMENT: Verbs = { get, update: replace(), patch: patch(), delete: deleteOne };
const SUBRESOURCES: Readonly<Record<Resource["subresources"][number], Verbs>> = {
  status: { get, update: replace("status"), patch: patch("status") },
  finalize: { update: replace("finalize") },
  assignments: { get: listAssignments, watch: listAssignments },
};

/** Answers requests for documents: finds the resource and the verb, which know the rest. */
export function resourceRequests(ports: ApiPorts): Handler<ApiEnv> {
  return function resourceRequests(c) {
    const { info } = c.var;
    const resource = ports.registry.find(info.group, info.version, info.resource);
    if (!resource || !isInScope(resource, info)) throw unknownPath();
    const verb = verbOf(resource, info);
    if (!verb) throw methodNotAllowed();
    return verb(c, resource, ports);
  };
}

function verbOf(resource: Resource, info: RequestInfo): ResourceVerb | undefined {
  const { verb, subresource } = info;
  if (subresource !== "") {
    const known = resource.subresources.find((name) => name === subresource);
    if (!known) throw unknownPath();
    return own(SUBRESOURCES[known], verb);
  }
  if (!resource.verbs.includes(verb)) return undefined;
  if (verb === "list" || verb === "watch" || verb === "deletecollection") return own(COLLECTION, verb);
  if (verb === "create") return info.name === "" && hasNamespace(resource, info) ? create : undefined;
  if (info.name === "") return undefined;
  if (!hasNamespace(resource, info)) {
    throw badRequest(`${resource.plural} are in a namespace: the path must name it`);
  }
  return own(DOCUMENT, verb);
}

/** Cluster-scoped resources are not to be found under a namespace; a namespace's own path names it twice. */
function isInScope(resource: Resource, { namespace, name }: RequestInfo): boolean {
  return resource.namespaced || namespace === "" || namespace === name;
}

function hasNamespace(resource: Resource, { namespace }: RequestInfo): boolean {
  return !resource.namespaced || namespace !== "";
}

function own(verbs: Verbs, verb: string): ResourceVerb | undefined {
  return Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
}
