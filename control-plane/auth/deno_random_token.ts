/** A new bearer token of 256 bits. The prefix lets scanners find it where it should not be. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `servicelet_${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}
