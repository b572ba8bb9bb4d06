import type { DocumentKey } from "../store/mod.ts";
import type { DocumentVersion } from "./document_version.ts";
import type { HistoryEntry } from "./history.ts";
import { byKey } from "./sorted_documents.ts";

/** Takes changes back: the documents of a scope as they were, in order of their keys.
 *
 * @param present those that are in the scope now, in order
 * @param changes every change since, oldest first
 * @param matches whether a state is in the scope
 */
export function pastState(
  present: Iterable<DocumentVersion>,
  changes: Iterable<HistoryEntry>,
  matches: (version: DocumentVersion) => boolean,
): Iterable<DocumentVersion> {
  const changed = new Set<DocumentKey>();
  const restored: DocumentVersion[] = [];
  for (const { version: { key }, previous } of changes) {
    // Only the first change of a document since then knows what it was.
    if (changed.has(key)) continue;
    changed.add(key);
    if (previous && matches(previous)) restored.push(previous);
  }
  return merged(present, restored.sort(byKey), changed);
}

function* merged(
  present: Iterable<DocumentVersion>,
  restored: readonly DocumentVersion[],
  changed: ReadonlySet<DocumentKey>,
): Generator<DocumentVersion> {
  let next = 0;
  for (const document of present) {
    for (let old = restored[next]; old && old.key <= document.key; old = restored[next]) {
      yield old;
      next++;
    }
    if (!changed.has(document.key)) yield document;
  }
  yield* restored.slice(next);
}
