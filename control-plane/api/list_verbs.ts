import { ASSIGNMENT_FIELD, type Scope } from "../cache/mod.ts";
import { groupResource } from "../registry/document_key.ts";
import type { Resource } from "../registry/resource.ts";
import type { ApiContext } from "./environment.ts";
import { listResponse } from "./list.ts";
import type { Listed } from "./list_options.ts";
import { negotiate } from "./negotiate.ts";
import type { ApiPorts, ResourceVerb } from "./ports.ts";
import { projectionOf } from "./projections.ts";
import { conversionOf } from "./stored_version.ts";
import { watchResponse } from "./watch.ts";

/** GET of a collection, or a watch of it. */
export const list: ResourceVerb = (c, resource, ports) => {
  const { namespace, name } = c.var.info;
  const scope: Scope = {
    resource: groupResource(resource),
    ...(resource.namespaced && namespace !== "" ? { namespace } : {}),
    ...(name === "" ? {} : { name }),
  };
  return answer(c, { listed: resource, projected: resource, scope }, ports);
};

/** The documents of every kind that are assigned to the one named in the path. */
export const listAssignments: ResourceVerb = (c, resource, ports) => {
  const scope: Scope = {
    resource: undefined,
    fields: [{ path: ASSIGNMENT_FIELD, operator: "=", value: c.var.info.name }],
  };
  return answer(c, { listed: assignmentsOf(resource), projected: resource, scope }, ports);
};

interface Answered {
  readonly listed: Listed;
  readonly projected: Resource;
  readonly scope: Scope;
}

async function answer(
  c: ApiContext,
  { listed, projected, scope }: Answered,
  ports: ApiPorts,
): Promise<Response> {
  const { searchParams: query } = new URL(c.req.url);
  const projection = await projectionOf(projected, negotiate(c.req.raw.headers.get("accept")), {
    query,
    clock: ports.clock,
  });
  const convert = listed === projected ? conversionOf(projected) : undefined;
  const request = {
    cache: ports.cache,
    resource: listed,
    scope,
    query,
    ...(projection ? { projection } : {}),
    ...(convert ? { convert } : {}),
  };
  return c.var.info.verb === "watch"
    ? watchResponse({ ...request, streams: ports.streams })
    : listResponse(request);
}

/** One description for each resource: watches share lines by it. */
const assignments = new WeakMap<Resource, Listed>();

function assignmentsOf(resource: Resource): Listed {
  let listed = assignments.get(resource);
  if (!listed) {
    const { group, version } = resource;
    listed = { group, version, kind: "Assignment", listKind: "AssignmentList", fields: {} };
    assignments.set(resource, listed);
  }
  return listed;
}
