/** Command lines: typed flags that may also stand in environment variables, help worth reading, errors that say which.
 *
 * @module
 */
export { flag, list, toggle } from "./flag.ts";
export type { Flag, Flags, FlagText, Reader, ValuesOf } from "./flag.ts";
export { anyText, oneOf, wholeNumber } from "./readers.ts";
export { parseFlags, UsageError } from "./parse_flags.ts";
export type { CommandDefinition, Example, Parsed, Positional } from "./parse_flags.ts";
export { helpText } from "./help.ts";
export { command, runProgram } from "./program.ts";
export type { Command, Program, Terminal } from "./program.ts";
