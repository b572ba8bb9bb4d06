/** Making the files that are shipped.
 *
 * @module
 */
export { hasBase } from "./base.ts";
export { bundle } from "./bundle.ts";
export { compile } from "./compile.ts";
export { type Program, PROGRAMS, type Target, TARGETS } from "./programs.ts";
