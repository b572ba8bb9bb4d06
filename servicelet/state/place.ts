import type { Log } from "@servicelet/shared/ports";
import { readChecked, writeChecked } from "./checked_file.ts";
import type { Files } from "./files.ts";

const FILE = "place.json";

/** How far this servicelet has followed which control plane. */
export interface Place {
  /** Version of this record's shape. */
  readonly version: 1;
  /** The uid of the control plane's namespace kube-system. */
  readonly identity: string;
  /** Revision up to which everything has been taken in. */
  readonly resourceVersion: string;
}

/** The place as last kept; undefined where there is none or it is damaged beyond repair. A place that fell back is older, which does no harm:
 * what follows is taken in twice. */
export async function readPlace(files: Files, log: Log): Promise<Place | undefined> {
  return (await readChecked<Place>(files, FILE, log))?.value;
}

/** Keeps the place. */
export function writePlace(files: Files, place: Place): Promise<void> {
  return writeChecked(files, FILE, place);
}
