import type { KubeObject } from "@servicelet/shared/krm";
import { idOf } from "../documents.ts";
import { learn } from "../report/report.ts";
import { type Capabilities, type Fate, newCapability, versionOf } from "../state/mod.ts";

/** Takes in a document assigned to this runtime.
 *
 * @returns whether something has to be done about it; its status alone is no reason
 */
export function acceptDocument(capabilities: Capabilities, document: KubeObject): boolean {
  const id = idOf(document);
  const fate: Fate = document.metadata.deletionTimestamp ? "remove" : "run";
  const capability = capabilities.get(id);
  if (!capability) {
    const added = newCapability(id, document);
    added.record.fate = fate;
    capabilities.add(added);
    void capabilities.save(id);
    return true;
  }
  const { record } = capability;
  const changed = versionOf(record.desired) !== versionOf(document);
  learn(capability, document, record.desired.metadata.uid !== document.metadata.uid);
  if (!changed && record.fate === fate && !record.orphaned) return false;

  // Its crashes are forgotten once it is prepared: until then only the old one could be started.
  if (changed) capability.changed = true;
  record.desired = document;
  record.fate = fate;
  record.orphaned = undefined;
  void capabilities.save(id);
  return true;
}

/** Takes in that a document is no longer assigned to this runtime: it was deleted, or is another runtime's now.
 *
 * @returns whether something has to be done about it
 */
export function releaseDocument(capabilities: Capabilities, id: string): boolean {
  const record = capabilities.get(id)?.record;
  // What is being removed goes on: its end finds out by itself that the document is gone.
  if (!record || record.fate !== "run") return false;
  record.fate = "release";
  record.orphaned = undefined;
  void capabilities.save(id);
  return true;
}
