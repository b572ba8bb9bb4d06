import type { Context } from "hono";
import type { RequestInfo } from "./request_info.ts";

/** Who makes a request. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

/** What the middlewares leave for those after them. */
export interface ApiEnv {
  Variables: {
    /** Set by authentication. */
    user: User;
    /** Set before authentication. */
    info: RequestInfo;
    /** Names this request in logs and in the header `Audit-Id`. */
    auditId: string;
  };
}

/** A request on its way through the API. */
export type ApiContext = Context<ApiEnv>;
