/** Where a program tells what it does: one constant message and named values per line. */
export interface Log {
  /** Something an operator wants to see in normal work. */
  info(message: string, fields?: Record<string, unknown>): void;
  /** Something that went wrong and will be tried again or is contained. */
  warn(message: string, fields?: Record<string, unknown>): void;
  /** Something that needs a person. */
  error(message: string, fields?: Record<string, unknown>): void;
}
