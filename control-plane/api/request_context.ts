import type { MiddlewareHandler } from "hono";
import type { Random } from "@servicelet/shared/ports";
import type { ApiEnv } from "./environment.ts";
import { requestInfo } from "./request_info.ts";

const LONGEST_ID = 64;

/** Takes the request apart, gives it an id, and sets the headers that every answer has. */
export function requestContext({ random }: { readonly random: Random }): MiddlewareHandler<ApiEnv> {
  return async function requestContext(c, next) {
    const given = c.req.raw.headers.get("audit-id");
    const auditId = given !== null && given.length <= LONGEST_ID ? given : random.uuid();
    c.set("auditId", auditId);
    c.set("info", requestInfo(c.req.method, c.req.url));
    await next();
    const { headers } = c.res;
    headers.set("audit-id", auditId);
    if (!headers.has("cache-control")) headers.set("cache-control", "no-cache, private");
  };
}
