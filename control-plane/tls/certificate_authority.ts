import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** A certificate and its private key as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is made for. */
export interface CertificateOptions {
  /** Milliseconds since 1970 from which it counts. */
  readonly now: number;
  /** Days for which it counts. */
  readonly days: number;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 60 * 60 * 1000;
/** Clocks of devices are late: a certificate counts from an hour before it was made. */
const LEEWAY = 60 * 60 * 1000;

/** Makes a certificate authority that signs servers' certificates and nothing else.
 *
 * Import this file only when a certificate must be made: the library costs 23 MB of memory and 0.2 s. */
export async function makeAuthority({ now, days }: CertificateOptions): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Unique per authority: clients that kept an older one would otherwise take the new one for it.
    name: `CN=servicelet-ca-${Math.floor(now / 1000)}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(now, days),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), key: await keyPem(keys.privateKey) };
}

/** Makes a server's certificate, signed by `authority`.
 *
 * @param names host names and IP addresses under which clients may reach the server
 */
export async function makeServerCertificate(
  authority: KeyPair,
  names: readonly string[],
  { now, days }: CertificateOptions,
): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: "CN=servicelet-control-plane",
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ALGORITHM,
    ...validity(now, days),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(alternativeName)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: pemOf(certificate), key: await keyPem(keys.privateKey) };
}

function validity(now: number, days: number) {
  return { notBefore: new Date(now - LEEWAY), notAfter: new Date(now + days * DAY) };
}

function alternativeName(name: string): { type: "ip" | "dns"; value: string } {
  return { type: isIpAddress(name) ? "ip" : "dns", value: name };
}

function isIpAddress(name: string): boolean {
  return name.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}

async function generateKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function importKey(pem: string): Promise<CryptoKey> {
  const bytes = x509.PemConverter.decodeFirst(pem);
  return await crypto.subtle.importKey("pkcs8", bytes, ALGORITHM, false, ["sign"]);
}

async function keyPem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY") + "\n";
}

function pemOf(certificate: x509.X509Certificate): string {
  return certificate.toString("pem") + "\n";
}
