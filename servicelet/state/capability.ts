import type { KubeObject } from "@servicelet/shared/krm";
import type { Exit, Handle, Prepared } from "@servicelet/runtimes";
import { FRESH, type RestartHistory } from "../reconcile/restart_policy.ts";

/** What shall become of a capability: run it; stop it and let its document go; or only stop it, because its document is gone or is another
 * runtime's now. */
export type Fate = "run" | "remove" | "release";

/** What is kept on disk of one capability. Plain JSON. */
export interface CapabilityRecord {
  /** Version of this record's shape. */
  readonly version: 1;
  /** `{plural}/{namespace}/{name}`. */
  readonly id: string;
  /** The document as last received, but for changes of its status alone. */
  desired: KubeObject;
  fate: Fate;
  /** Set where the control plane no longer knows the document and it could not be confirmed that it was deleted: it runs on. */
  orphaned?: boolean | undefined;
  /** The last good preparation: what runs, or is started where nothing runs. */
  prepared?: Prepared | undefined;
  /** Which document `prepared` was made for, see {@link versionOf}. */
  preparedFor?: string | undefined;
  /** The last start, unless its end was seen. */
  handle?: Handle | undefined;
  /** How the last run ended by itself; absent after a stop that was asked for. */
  ended?: { readonly run: string; readonly revision: string; readonly exit: Exit } | undefined;
  history: RestartHistory;
}

/** One observation, a condition in the making. */
export interface Finding {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** A capability as the loops see it: what is on disk, and what is known only while this servicelet lives. */
export interface Capability {
  readonly record: CapabilityRecord;
  /** The newest state of the document, its status included. */
  known: KubeObject;
  /** What runs, as far as this servicelet has looked. */
  running?: Handle | undefined;
  /** True once this servicelet has looked for what an earlier one started. */
  adopted: boolean;
  /** Why the run has to be ended: its liveness probe failed. */
  unhealthy?: string | undefined;
  /** True where the last start failed: then the findings say why. */
  startFailed?: boolean;
  /** True where the document was changed and is not prepared yet. */
  changed?: boolean;
  findings: { prepared?: Finding; started?: Finding; ready?: Finding };
}

/** A capability that was just ordered. */
export function newCapability(id: string, document: KubeObject): Capability {
  return {
    record: { version: 1, id, desired: document, fate: "run", history: FRESH },
    known: document,
    adopted: false,
    findings: {},
  };
}

/** Tells one version of a document from every other, also from a document of the same name made later. */
export function versionOf({ metadata }: KubeObject): string {
  return `${metadata.uid}/${metadata.generation}`;
}
