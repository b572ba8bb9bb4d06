import type { KubeClient } from "@servicelet/shared/client";
import { pathOf } from "../documents.ts";
import { found } from "../report/let_go.ts";
import type { Capabilities, Capability } from "../state/mod.ts";

/** What became of the capabilities that a complete view does not name. */
export interface Missing {
  /** Their documents are gone, or another runtime's: confirmed one by one. */
  readonly released: readonly string[];
  /** Their documents are unknown to a control plane that may never have known them: kept. */
  readonly orphaned: readonly string[];
}

/** Looks at each capability that a complete view does not name.
 *
 * @param trusted whether the server is the one that made the assignments, and is not older than when it did
 * @throws {Unreachable} and {StatusError} where nobody can say; nothing is decided then
 */
export async function lookAtMissing(
  { capabilities, named, trusted, client, runtime, signal }: {
    readonly capabilities: Capabilities;
    readonly named: ReadonlySet<string>;
    readonly trusted: boolean;
    readonly client: KubeClient;
    /** Name of this runtime. */
    readonly runtime: string;
    readonly signal: AbortSignal;
  },
): Promise<Missing> {
  // An orphan's document belonged to another history: that it is not there says nothing.
  const missing = [...capabilities.all()].filter(({ record }) =>
    record.fate === "run" && !record.orphaned && !named.has(record.id)
  );
  const ids = missing.map(({ record }) => record.id);
  if (!trusted) return { released: [], orphaned: ids };
  const gone = await Promise.all(missing.map((one) => isGone(one, client, runtime, signal)));
  return { released: ids.filter((_, i) => gone[i]), orphaned: [] };
}

async function isGone(
  { record }: Capability,
  client: KubeClient,
  runtime: string,
  signal: AbortSignal,
): Promise<boolean> {
  const document = await found(client.get(pathOf(record.desired), { signal }));
  // Assigned to this runtime all the same: it came after the view, and the stream will bring it.
  return !document || document.spec?.serviceRuntimeName !== runtime;
}
