import type { MiddlewareHandler } from "hono";
import { type Json, StatusError } from "@servicelet/shared/krm";
import { parseJson, readText } from "../api/body.ts";
import type { ApiEnv, User } from "../api/environment.ts";
import type { RequestInfo } from "../api/request_info.ts";
import type { WatchCache } from "../cache/watch_cache.ts";
import { mayServicelet } from "./servicelet_rules.ts";
import { serviceRuntimeOf } from "./tokens.ts";

const OPEN_TO_ALL = /^\/(livez|readyz|healthz|version)(\/|$)/;

/** Lets a request pass, or answers 403 with Kubernetes' words: administrators may do everything, servicelets what concerns their own runtime. */
export function authorize({ cache }: { readonly cache: WatchCache }): MiddlewareHandler<ApiEnv> {
  return async function authorize(c, next) {
    const { user, info } = c.var;
    if (!user.groups.includes("system:masters") && !OPEN_TO_ALL.test(info.path)) {
      const runtime = serviceRuntimeOf(user);
      const allowed = runtime !== undefined && await mayServicelet(runtime, info, {
        // Always as JSON, whatever its type: YAML that is no JSON is refused, and what is both means the same.
        body: async () => parseJson(await readText(c.req.raw.clone())),
        assignedRuntime: () => assignedRuntime(cache, info),
      });
      if (!allowed) throw forbidden(user, info);
    }
    await next();
  };
}

/** `spec.serviceRuntimeName` of the document that a request names. */
async function assignedRuntime(cache: WatchCache, info: RequestInfo): Promise<Json | undefined> {
  await cache.sync();
  const document = cache.get(`${info.group}/${info.resource}/${info.namespace}/${info.name}`);
  if (!document) return undefined;
  return JSON.parse(new TextDecoder().decode(document.bytes)).spec?.serviceRuntimeName;
}

/** The refusal of a request.
 *
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/responsewriters/errors.go
 */
function forbidden(user: User, info: RequestInfo): StatusError {
  const who = `User ${JSON.stringify(user.name)} cannot ${info.verb}`;
  if (info.resource === "") {
    return new StatusError("Forbidden", `forbidden: ${who} path ${JSON.stringify(info.path)}`);
  }
  const qualified = info.group === "" ? info.resource : `${info.resource}.${info.group}`;
  const subject = info.name === "" ? qualified : `${qualified} ${JSON.stringify(info.name)}`;
  const resource = info.subresource === "" ? info.resource : `${info.resource}/${info.subresource}`;
  const where = info.namespace === ""
    ? "at the cluster scope"
    : `in the namespace ${JSON.stringify(info.namespace)}`;
  const message = `${subject} is forbidden: ${who} resource ${JSON.stringify(resource)} in API group ${
    JSON.stringify(info.group)
  } ${where}`;
  return new StatusError("Forbidden", message, {
    details: {
      ...(info.name === "" ? {} : { name: info.name }),
      ...(info.group === "" ? {} : { group: info.group }),
      kind: info.resource,
    },
  });
}
