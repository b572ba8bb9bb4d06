import { createHash } from "node:crypto";

/** Names the version at which a kind is stored, so that clients see when it changes: base64 of the first 8 bytes of a SHA-256.
 *
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/discovery/storageversionhash.go
 */
export function storageVersionHash(apiVersion: string, kind: string): string {
  // The core group is empty and keeps its slash.
  const name = apiVersion.includes("/") ? `${apiVersion}/${kind}` : `/${apiVersion}/${kind}`;
  return createHash("sha256").update(name).digest().subarray(0, 8).toString("base64");
}
