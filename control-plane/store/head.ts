import type { KvKey } from "./kv.ts";
import type { Revision } from "./store.ts";

/** Where the log ends. Every commit checks it and sets it anew: whoever commits has seen everything before. */
export interface Head {
  /** Layout of the whole database. */
  readonly format: 1;
  readonly revision: Revision;
  readonly floor: Revision;
  /** Id of the commit that set it: tells a commit whose answer was lost that it happened. */
  readonly commit: string;
}

/** Key of the head. */
export const HEAD: KvKey = ["head"];

/** Head of a database in which nothing was written yet. */
const NO_HEAD: Head = { format: 1, revision: 0, floor: 0, commit: "" };

/** The head in a value read from its key.
 *
 * @throws {TypeError} the database was written by a later release, or by something else
 */
export function parseHead(value: unknown): Head {
  if (value === null) return NO_HEAD;
  const { format, revision, floor } = value as Partial<Head>;
  if (format !== 1 || !Number.isSafeInteger(revision) || !Number.isSafeInteger(floor)) {
    throw new TypeError(`the head of the store must have format 1: it was ${JSON.stringify(value)}`);
  }
  return value as Head;
}

/** Key of one version. */
export function versionKey(revision: Revision): KvKey {
  return ["v", revision];
}
