/** Certificates of the control plane, and what TLS needs of the platform.
 *
 * @module
 */
export { makePki, openPkiDirectory } from "./deno_pki_directory.ts";
export type { PkiOptions, ServerIdentity } from "./deno_pki_directory.ts";
export { readFileIfThere, writeFileAtomically } from "./deno_private_file.ts";
