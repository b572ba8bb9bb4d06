import type { Context } from "hono";
import type { RequestInfo } from "./request_info.ts";

/** Who makes a request. */
export interface User {
  /** Such as `admin` or `system:servicelet:NAME`. */
  readonly name: string;
  /** Groups that rules are written for, such as `system:masters`. */
  readonly groups: readonly string[];
  /** Tells users of one name apart that came one after the other. */
  readonly uid?: string;
}

/** What the middlewares leave for those after them. */
export interface ApiEnv {
  /** Read as `c.var`. */
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
