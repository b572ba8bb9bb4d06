import type { ProcessSpec } from "@servicelet/shared/kinds";
import { sha256 } from "./sha256.ts";

/** Digest of what a document wants to run; the same document gives the same on every machine.
 *
 * @param what the kind's own part: command, digest of the artifact, flags
 */
export function revisionOf(spec: ProcessSpec, what: unknown): string {
  const { args = [], env = [], ports = [], workingDirectory = null } = spec;
  const wanted = [
    what,
    args,
    env.map(({ name, value }) => [name, value ?? ""]),
    ports.map(({ name, port }) => [name, port]),
    workingDirectory,
  ];
  return sha256(JSON.stringify(wanted)).slice(0, 16);
}
