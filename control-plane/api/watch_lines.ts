import type { KubeObject } from "@servicelet/shared/krm";
import { type CachedDocument, eventFrame, eventLine, parseDocument } from "../cache/mod.ts";
import { apiVersionOf } from "../registry/document_key.ts";
import type { Revision } from "../store/mod.ts";
import type { Listed } from "./list_options.ts";
import type { Projection } from "./projection.ts";
import { bookmarkDocument, type WatchLines } from "./watch_stream.ts";

const UTF8 = new TextEncoder();
const ADDED = eventFrame("ADDED");

/** Converts a document's bytes to the served version. */
export type Convert = (document: Pick<CachedDocument, "key" | "bytes">) => Uint8Array;

/** Lines of documents as they are stored: those of changes are made once for all watches. */
export function storedLines(listed: Listed): WatchLines {
  let lines = storedLinesOf.get(listed);
  if (!lines) {
    lines = {
      event: (event) => event.line(),
      initial: ({ bytes }) => [ADDED.before, bytes, ADDED.after],
      bookmark: bookmarkLine(listed),
    };
    storedLinesOf.set(listed, lines);
  }
  return lines;
}

// Thousands of watches of one resource share them.
const storedLinesOf = new WeakMap<Listed, WatchLines>();

/** Lines of documents of which some are stored at another version. */
export function convertedLines(listed: Listed, convert: Convert): WatchLines {
  return {
    event(event) {
      const bytes = convert(event);
      return bytes === event.bytes ? event.line() : eventLine(event.type, bytes);
    },
    initial: (document) => [ADDED.before, convert(document), ADDED.after],
    bookmark: bookmarkLine(listed),
  };
}

/** Lines of one watch that shows documents as something else. */
export function projectedLines(listed: Listed, projection: Projection, convert?: Convert): WatchLines {
  const project = projection.watch();
  const line = (type: string, document: KubeObject) =>
    UTF8.encode(JSON.stringify({ type, object: project(document) }) + "\n");
  const parse: (document: CachedDocument) => KubeObject = (document) =>
    parseDocument(convert ? convert(document) : document.bytes);
  return {
    event: (event) => line(event.type, parse(event)),
    initial: (document) => [line("ADDED", parse(document))],
    bookmark(revision, initialEnd) {
      // A bookmark has no name, which projections do not mind.
      return line("BOOKMARK", bookmarkDocument(typeOf(listed), revision, initialEnd) as KubeObject);
    },
  };
}

/** A bookmark at one revision is made once for all watches that get it. */
function bookmarkLine(listed: Listed): WatchLines["bookmark"] {
  let last: { readonly revision: Revision; readonly line: Uint8Array } | undefined;
  return (revision, initialEnd) => {
    if (initialEnd) return encodeBookmark(listed, revision, initialEnd);
    if (last?.revision !== revision) last = { revision, line: encodeBookmark(listed, revision) };
    return last.line;
  };
}

function encodeBookmark(listed: Listed, revision: Revision, initialEnd?: "initial-events-end"): Uint8Array {
  const object = bookmarkDocument(typeOf(listed), revision, initialEnd);
  return UTF8.encode(JSON.stringify({ type: "BOOKMARK", object }) + "\n");
}

function typeOf(listed: Listed): { apiVersion: string; kind: string } {
  return { kind: listed.kind, apiVersion: apiVersionOf(listed) };
}
