import { X509Certificate } from "node:crypto";

/** What must hold for a server's certificate to be kept. */
export interface CertificateNeeds {
  /** PEM of the authority that must have signed it. */
  readonly authority: string;
  /** Host names and IP addresses that it must stand for. */
  readonly names: readonly string[];
  /** Milliseconds since 1970 at which it must still count. */
  readonly validAt: number;
}

/** Why a certificate cannot be used any longer; undefined where it can. */
export function flawOf(
  certificate: string,
  { authority, names, validAt }: CertificateNeeds,
): string | undefined {
  let server: X509Certificate, issuer: X509Certificate;
  try {
    server = new X509Certificate(certificate);
    issuer = new X509Certificate(authority);
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : error}`;
  }
  if (Date.parse(server.validTo) < validAt) return `it expires at ${server.validTo}`;
  const missing = names.find((name) => !server.checkHost(name) && !standsForAddress(server, name));
  if (missing !== undefined) return `it does not stand for ${missing}`;
  if (!server.verify(issuer.publicKey)) return "another authority signed it";
  return undefined;
}

/** Milliseconds since 1970 until which a certificate counts. */
export function endOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}

function standsForAddress(certificate: X509Certificate, address: string): boolean {
  try {
    return certificate.checkIP(address) !== undefined;
  } catch {
    return false; // No IP address at all.
  }
}
