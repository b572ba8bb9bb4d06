const UTF8 = new TextEncoder();

/** Names the version at which a kind is stored, so that clients see when it changes: base64 of the first 8 bytes of a SHA-256.
 *
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/discovery/storageversionhash.go
 */
export async function storageVersionHash(apiVersion: string, kind: string): Promise<string> {
  // The core group is empty and keeps its slash.
  const name = apiVersion.includes("/") ? `${apiVersion}/${kind}` : `/${apiVersion}/${kind}`;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", UTF8.encode(name)), 0, 8).toBase64();
}
