import type { MiddlewareHandler } from "hono";
import { StatusError } from "@servicelet/shared/krm";
import type { ApiEnv, User } from "../api/environment.ts";
import type { Tokens } from "./tokens.ts";

/** Paths that say nothing about documents: load balancers and probes ask them without a token. */
const OPEN: ReadonlySet<string> = new Set(["/livez", "/readyz", "/healthz", "/version"]);

const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** Sets `user` by the bearer token. A request without a valid one gets 401, except on a few open paths. */
export function authenticate({ tokens }: { readonly tokens: Tokens }): MiddlewareHandler<ApiEnv> {
  return async function authenticate(c, next) {
    const token = bearerToken(c.req.raw.headers.get("authorization"));
    const user = token === undefined ? anonymous(c.req.path) : await tokens.userOf(token);
    if (!user) throw new StatusError("Unauthorized", "Unauthorized");
    c.set("user", user);
    await next();
  };
}

function anonymous(path: string): User | undefined {
  return OPEN.has(path) || path.startsWith("/livez/") || path.startsWith("/readyz/") ? ANONYMOUS : undefined;
}

/** The token of an `Authorization` header; empty where the header holds something else. */
function bearerToken(header: string | null): string | undefined {
  if (header === null) return undefined;
  return /^bearer +(\S+) *$/i.exec(header)?.[1] ?? "";
}
