import { isNotFound } from "@servicelet/shared/krm";
import type { Scope } from "../cache/watch_cache.ts";
import { refOf } from "./follow_documents.ts";
import type { CoordinatorPorts } from "./ports.ts";

/** Asks for the deletion of every document of a scope. Resolves to the number of those that finalizers still hold. */
export async function deleteAll(
  scope: Scope,
  { cache, documents, registry }: CoordinatorPorts,
): Promise<number> {
  let held = 0;
  for (const { key } of [...cache.list(scope)]) {
    const ref = refOf(registry, key);
    if (!ref) continue;
    try {
      const { gone } = await documents.delete(ref);
      if (!gone) held++;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return held;
}
