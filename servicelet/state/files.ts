/** The state directory, as the servicelet uses it. Names are relative, with at most one folder. */
export interface Files {
  /** Names of the files in a folder, sorted; none where the folder is not there. */
  list(folder: string): Promise<string[]>;
  /** The text of a file, or undefined where it is not there. */
  read(name: string): Promise<string | undefined>;
  /** Replaces a file, durably and at once or not at all. What stood there before is kept as {@link previousOf}. */
  write(name: string, text: string): Promise<void>;
  /** Removes a file and what was kept of it. */
  remove(name: string): Promise<void>;
}

/** Where the generation before stands. */
export function previousOf(name: string): string {
  return `${name}.previous`;
}
