/** What sends requests: `fetch`, or `app.request` of an application in the same process. */
export type Transport = (url: string, init: RequestInit) => Response | Promise<Response>;

/** No answer came: refused, cut, timed out, or it was no answer of an API server. Trying again may help. */
export class Unreachable extends Error {
  /** Tells it from other errors. */
  override readonly name = "Unreachable";

  /** Makes the error.
   *
   * @param url what was asked for
   * @param why what happened instead of an answer */
  constructor(readonly url: string, why: string, options: { readonly cause?: unknown } = {}) {
    super(`Cannot reach ${url}: ${why}`, { cause: options.cause });
  }
}
