import type { JsonObject } from "@servicelet/shared/krm";

/** A parameter of an operation, as OpenAPI v3 writes it. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly description: string;
  readonly required?: boolean;
  readonly schema: JsonObject;
}

/** Of every operation. */
export const PRETTY = query("pretty", "string", "Indents the answer where it is 'true'.");

/** Of every write. */
export const WRITE: readonly Parameter[] = [
  query("dryRun", "string", "All: checks everything and writes nothing."),
  query("fieldManager", "string", "Name of who makes the change; at most 128 printable characters."),
  query(
    "fieldValidation",
    "string",
    "What to do with fields that the schema does not know: Ignore drops them, Warn (the default) drops them with a " +
      "warning, Strict refuses the document.",
  ),
];

/** Of a list or a watch. */
export const LIST: readonly Parameter[] = [
  query("allowWatchBookmarks", "boolean", "Asks for bookmarks: events that only tell a revision."),
  query("continue", "string", "Token of the part of the list before."),
  query("fieldSelector", "string", "Restricts the list by fields."),
  query("labelSelector", "string", "Restricts the list by labels."),
  query("limit", "integer", "Most items to answer at once."),
  query("resourceVersion", "string", "Revision that the answer must be at, or a watch goes on from."),
  query("resourceVersionMatch", "string", "How resourceVersion is meant: Exact or NotOlderThan."),
  query("sendInitialEvents", "boolean", "Starts a watch with what is there, and a bookmark at its end."),
  query("timeoutSeconds", "integer", "Longest duration of the call."),
  query("watch", "boolean", "Watches for changes in place of listing."),
];

/** Of a deletion. */
export const DELETE: readonly Parameter[] = [
  query("dryRun", "string", "All: checks everything and deletes nothing."),
  query("gracePeriodSeconds", "integer", "Seconds that the document has to end gracefully."),
  query("propagationPolicy", "string", "What becomes of dependents: Orphan, Background or Foreground."),
];

/** Of paths that name a document. */
export function nameParameter(kind: string): Parameter {
  return path("name", `name of the ${kind}`);
}

/** Of paths in a namespace. */
export const NAMESPACE = path("namespace", "object name and auth scope, such as for teams and projects");

function query(name: string, type: string, description: string): Parameter {
  return { name, in: "query", description, schema: { type, uniqueItems: true } };
}

function path(name: string, description: string): Parameter {
  return { name, in: "path", description, required: true, schema: { type: "string", uniqueItems: true } };
}
