import { StoreUnavailable } from "./store.ts";

/** What a closed store answers. */
export function storeClosed(): StoreUnavailable {
  return new StoreUnavailable("The store is closed");
}

/** The backend's failure as the contract names it; one that is named already stays as it is. */
export function unavailable(what: string, cause: unknown): StoreUnavailable {
  return cause instanceof StoreUnavailable
    ? cause
    : new StoreUnavailable(`${what}: ${messageOf(cause)}`, { cause });
}

/** What whatever was thrown says. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
