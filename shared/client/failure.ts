import { STATUS_CODES, type StatusDetails, StatusError, type StatusReason } from "../krm/mod.ts";
import { Unreachable } from "./transport.ts";

/** The error that an answer with a failing code stands for. */
export async function failureOf(response: Response, url: string): Promise<StatusError | Unreachable> {
  const text = await response.text().catch(() => "");
  const status = parse(text);
  if (status) return statusErrorOf(status, response.status);
  return new Unreachable(url, `answered ${response.status} ${response.statusText} without a Status`.trim());
}

/** The error that a `Status` document stands for. */
export function statusErrorOf(
  status: Readonly<Record<string, unknown>>,
  code = Number(status.code),
): StatusError {
  const metadata = status.metadata as { continue?: string } | undefined;
  return new StatusError(
    reasonOf(status.reason, code),
    typeof status.message === "string" ? status.message : `Failed with code ${code}`,
    {
      details: (status.details ?? {}) as StatusDetails,
      ...(metadata?.continue ? { continueToken: metadata.continue } : {}),
    },
  );
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return value?.kind === "Status" ? value : undefined;
  } catch {
    return undefined;
  }
}

// Reasons are open: an unknown one is taken for the one that its code stands for.
function reasonOf(reason: unknown, code: number): StatusReason {
  if (typeof reason === "string" && Object.hasOwn(STATUS_CODES, reason)) return reason as StatusReason;
  const entry = Object.entries(STATUS_CODES).find(([, known]) => known === code);
  return (entry?.[0] ?? (code >= 500 ? "InternalError" : "BadRequest")) as StatusReason;
}
