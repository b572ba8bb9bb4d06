import type { ErrorHandler, NotFoundHandler } from "hono";
import type { Log } from "@servicelet/shared/ports";
import { InvalidField, StatusError } from "@servicelet/shared/krm";
import { DocumentTooLarge, StaleRevision, StoreUnavailable } from "../store/mod.ts";
import type { ApiEnv } from "./environment.ts";

/** Answers every failure with a `Status`; what we did not foresee is logged and told without its inside. */
export function answerErrors({ log }: { readonly log: Log }): ErrorHandler<ApiEnv> {
  return function answerErrors(error, c) {
    const failure = statusErrorOf(error);
    if (failure.code >= 500) {
      log.error("request failed", {
        auditId: c.var.auditId,
        method: c.req.method,
        path: c.var.info?.path,
        error,
        ...(failure.reason === "InternalError" ? { stack: error.stack } : {}),
      });
    }
    return statusResponse(failure);
  };
}

/** Answers paths that nobody serves. */
export const answerNotFound: NotFoundHandler<ApiEnv> = () => statusResponse(unknownPath());

/** The failure of a path or resource that is not served. */
export function unknownPath(): StatusError {
  return new StatusError("NotFound", "the server could not find the requested resource");
}

/** The failure of a method that a path does not have. */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
  );
}

/** An error as clients see it. */
export function statusErrorOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const cause = error;
  if (error instanceof InvalidField) {
    const causes = [{ reason: error.type, message: error.message, field: error.path }];
    return new StatusError("Invalid", error.message, { details: { causes }, cause });
  }
  if (error instanceof StaleRevision) {
    return new StatusError("Conflict", `${error.message}: read it again and repeat the change`, { cause });
  }
  if (error instanceof DocumentTooLarge) {
    return new StatusError("RequestEntityTooLarge", error.message, { cause });
  }
  if (error instanceof StoreUnavailable) {
    return new StatusError("ServiceUnavailable", `the store cannot be reached: ${error.message}`, {
      details: { retryAfterSeconds: 1 },
      cause,
    });
  }
  return new StatusError(
    "InternalError",
    "an error on the server has prevented the request from succeeding",
    { cause },
  );
}

/** The answer to a failure. */
export function statusResponse(failure: StatusError): Response {
  const headers = new Headers({ "content-type": "application/json" });
  const { retryAfterSeconds } = failure.details;
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  return new Response(JSON.stringify(failure.toStatus()) + "\n", { status: failure.code, headers });
}
