import { StatusError } from "@servicelet/shared/krm";
import type { DocumentKey, Revision } from "../store/mod.ts";

/** Where the next page of a list begins. */
export interface Continuation {
  /** State that all pages show; undefined where it is gone and the rest is shown as it is now. */
  readonly revision: Revision | undefined;
  /** Last document of the page before. */
  readonly after: DocumentKey;
}

const VERSION = "meta.k8s.io/v1";
const CURRENT = -1;

/** A token for clients, who must not look into it. */
export function encodeContinue({ revision, after }: Continuation): string {
  const token = JSON.stringify({ v: VERSION, rv: revision ?? CURRENT, start: after });
  return new TextEncoder().encode(token).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Reads a token.
 *
 * @param prefix what the keys of the listed documents begin with: a token reaches nothing else
 * @throws {StatusError} `BadRequest`
 */
export function decodeContinue(token: string, prefix: string): Continuation {
  const { v, rv, start } = parse(token);
  if (v !== VERSION || typeof rv !== "number" || !Number.isSafeInteger(rv) || rv < CURRENT) throw invalid();
  if (typeof start !== "string" || !start.startsWith(prefix)) throw invalid();
  return { revision: rv === CURRENT ? undefined : rv, after: start };
}

function parse(token: string): { v?: unknown; rv?: unknown; start?: unknown } {
  try {
    const bytes = Uint8Array.fromBase64(token, { alphabet: "base64url" });
    const content: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof content === "object" && content !== null) return content;
  } catch (cause) {
    throw invalid(cause);
  }
  throw invalid();
}

function invalid(cause?: unknown): StatusError {
  return new StatusError(
    "BadRequest",
    "continue key is not valid: it must be metadata.continue of the list before, unchanged and for the same path",
    { cause },
  );
}
