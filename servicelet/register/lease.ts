import type { KubeClient } from "@servicelet/shared/client";
import { LEASE_SECONDS, SYSTEM_NAMESPACE } from "@servicelet/shared/kinds";
import { documentPath, isNotFound, microTimestamp } from "@servicelet/shared/krm";

/** Renews the lease of a runtime, making it where there is none. Without it the control plane takes the runtime for lost.
 *
 * @param now milliseconds since 1970
 */
export async function renewLease(
  client: KubeClient,
  name: string,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<void> {
  const leases = {
    group: "coordination.k8s.io",
    version: "v1",
    plural: "leases",
    namespace: SYSTEM_NAMESPACE,
  };
  const spec = { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTimestamp(now) };
  try {
    await client.patch(documentPath({ ...leases, name }), "merge", { spec }, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await client.create(documentPath(leases), {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: SYSTEM_NAMESPACE },
      spec: { ...spec, acquireTime: spec.renewTime },
    }, { signal });
  }
}
