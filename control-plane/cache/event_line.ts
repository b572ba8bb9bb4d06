const UTF8 = new TextEncoder();
const BEFORE = {
  ADDED: UTF8.encode('{"type":"ADDED","object":'),
  MODIFIED: UTF8.encode('{"type":"MODIFIED","object":'),
  DELETED: UTF8.encode('{"type":"DELETED","object":'),
};
const AFTER = UTF8.encode("}\n");

/** Types of the events that documents cause. */
export type EventType = keyof typeof BEFORE;

/** What stands around a document in a watch stream. */
export function eventFrame(type: EventType): { readonly before: Uint8Array; readonly after: Uint8Array } {
  return { before: BEFORE[type], after: AFTER };
}

/** One line of a watch stream, from a document as JSON. */
export function eventLine(type: EventType, document: Uint8Array): Uint8Array {
  const before = BEFORE[type];
  const line = new Uint8Array(before.length + document.length + AFTER.length);
  line.set(before);
  line.set(document, before.length);
  line.set(AFTER, before.length + document.length);
  return line;
}

/** The document in a line that {@link eventLine} made; shares its memory. */
export function documentIn(type: EventType, line: Uint8Array): Uint8Array {
  return line.subarray(BEFORE[type].length, line.length - AFTER.length);
}
