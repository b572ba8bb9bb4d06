import type { JsonObject } from "./types.ts";

/** Reasons that clients switch on, with the HTTP code that goes with each.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason
 */
export const STATUS_CODES = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;

/** A reason of a failed request. */
export type StatusReason = keyof typeof STATUS_CODES;

/** One detail of a failed request. `reason` is a Kubernetes cause type such as `FieldValueInvalid`. */
export interface StatusCause {
  /** Cause type, such as `FieldValueInvalid`. */
  reason: string;
  /** What is wrong, for people. */
  message: string;
  /** Path of the field it is about. */
  field?: string;
}

/** What a failed request was about. `kind` holds the resource for most reasons, the Kind for `Invalid`. */
export interface StatusDetails {
  /** Name of the document. */
  name?: string;
  /** API group. */
  group?: string;
  /** Resource, or Kind for `Invalid`. */
  kind?: string;
  /** Identity of the document. */
  uid?: string;
  /** Details, one per field. */
  causes?: StatusCause[];
  /** Seconds to wait before the next try. */
  retryAfterSeconds?: number;
}

/** The answer to a failed request: thrown where the failure is noticed, encoded once at the edge, and decoded by clients. */
export class StatusError extends Error {
  /** Tells this class from others. */
  override readonly name = "StatusError";
  /** What clients switch on. */
  readonly reason: StatusReason;
  /** What the request was about. */
  readonly details: StatusDetails;
  /** Set where the answer is no error of the caller's document but of `metadata.continue`: the token to go on with. */
  readonly continueToken: string | undefined;

  /** A failure for a reason, told in a message for people.
   *
   * @param options `cause` keeps the error below; `details` go to the client
   */
  constructor(
    reason: StatusReason,
    message: string,
    options: { details?: StatusDetails; continueToken?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.details = options.details ?? {};
    this.continueToken = options.continueToken;
  }

  /** HTTP status code. */
  get code(): number {
    return STATUS_CODES[this.reason];
  }

  /** The Kubernetes `Status` document of this failure. */
  toStatus(): JsonObject {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: this.continueToken ? { continue: this.continueToken } : {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      ...(Object.keys(this.details).length > 0 ? { details: this.details as JsonObject } : {}),
      code: this.code,
    };
  }
}

/** Whether a request failed because the document, or its kind, is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && error.reason === "NotFound";
}
