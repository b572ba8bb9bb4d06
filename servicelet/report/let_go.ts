import { type KubeClient, Unreachable } from "@servicelet/shared/client";
import { TEARDOWN_FINALIZER } from "@servicelet/shared/kinds";
import { type KubeObject, StatusError } from "@servicelet/shared/krm";
import { pathOf } from "../documents.ts";

/** Takes our finalizer from a document whose processes are gone; does nothing where the document is gone or is another of the same name.
 *
 * @returns false where the control plane is away
 * @throws {StatusError} it refused
 */
export async function letGo(client: KubeClient, document: KubeObject, signal: AbortSignal): Promise<boolean> {
  try {
    await takeFinalizer(client, document, signal);
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    throw error;
  }
}

async function takeFinalizer(client: KubeClient, document: KubeObject, signal: AbortSignal): Promise<void> {
  const path = pathOf(document);
  for (let current: KubeObject = document;;) {
    const finalizers = current.metadata.finalizers ?? [];
    if (current.metadata.uid !== document.metadata.uid || !finalizers.includes(TEARDOWN_FINALIZER)) return;
    try {
      await client.patch(path, "merge", {
        metadata: {
          resourceVersion: current.metadata.resourceVersion,
          finalizers: finalizers.filter((name) => name !== TEARDOWN_FINALIZER),
        },
      }, { signal });
      return;
    } catch (error) {
      if (isNotOurs(error)) return;
      if (!(error instanceof StatusError) || error.reason !== "Conflict") throw error;
    }
    const fresh = await found(client.get(path, { signal }));
    if (!fresh) return;
    current = fresh;
  }
}

/** The document, or undefined where the server says that this runtime has none of that name. */
export async function found(answer: Promise<KubeObject>): Promise<KubeObject | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotOurs(error)) return undefined;
    throw error;
  }
}

/** Whether a refusal says that the document is gone or another runtime's: a servicelet may know of no others, so both may be answered alike. */
export function isNotOurs(error: unknown): boolean {
  return error instanceof StatusError && (error.reason === "NotFound" || error.reason === "Forbidden");
}
