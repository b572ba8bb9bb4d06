import type { DocumentKey } from "../store/mod.ts";

/** `group/plural` of the document that a key names. */
export function resourceOf(key: DocumentKey): string {
  return key.slice(0, key.indexOf("/", key.indexOf("/") + 1));
}

/** Namespace of the document that a key names; empty for cluster-scoped ones. */
export function namespaceOf(key: DocumentKey): string {
  const end = key.lastIndexOf("/");
  return key.slice(key.lastIndexOf("/", end - 1) + 1, end);
}

/** Name of the document that a key names. */
export function nameOf(key: DocumentKey): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
