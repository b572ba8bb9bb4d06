import type { Log } from "@servicelet/shared/ports";
import type { KeyPair } from "./certificate_authority.ts";
import { keepCheck, wasFoundGood } from "./deno_kept_check.ts";
import { readFileIfThere, writeFileAtomically } from "./deno_private_file.ts";

/** What a server needs to speak TLS, and its clients to trust it. PEM. */
export interface ServerIdentity {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** What is needed of the certificates. */
export interface PkiOptions {
  /** Host names and IP addresses under which clients reach the server. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly log: Log;
}

const DAY = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
const SERVER_DAYS = 397;
/** A certificate is made anew this long before it expires; the server reads it at its start only. */
const RENEWAL = 90 * DAY;

/** The certificates in `directory`: those there, or new ones where they are missing, do not stand for a name, or expire.
 * The authority stays as long as it lasts, since clients keep it.
 *
 * @throws {Error} where the authority in the directory is damaged: replacing it would lock out every client, so a person must decide
 */
export async function openPkiDirectory(directory: string, options: PkiOptions): Promise<ServerIdentity> {
  const check = `${directory}/checked.json`;
  const kept = await readIdentity(directory);
  if (kept && await wasFoundGood(check, kept, options)) return kept;

  const identity = await examinedIdentity(directory, options);
  const { endOf } = await import("./deno_certificate.ts");
  const until = Math.min(endOf(identity.authority), endOf(identity.certificate)) - RENEWAL;
  try {
    await keepCheck(check, identity, { names: options.names, until });
  } catch (error) {
    // A directory that is mounted for reading alone is as good.
    options.log.warn("Cannot keep that the certificates are good: the next start reads them again", {
      error,
    });
  }
  return identity;
}

async function readIdentity(directory: string): Promise<ServerIdentity | undefined> {
  const [authority, certificate, key] = await Promise.all(
    ["ca.crt", "server.crt", "server.key"].map((name) => readFileIfThere(`${directory}/${name}`)),
  );
  return authority && certificate && key ? { authority, certificate, key } : undefined;
}

async function examinedIdentity(directory: string, options: PkiOptions): Promise<ServerIdentity> {
  const authority = await openAuthority(directory, options);
  const certificate = await readFileIfThere(`${directory}/server.crt`);
  const key = await readFileIfThere(`${directory}/server.key`);
  const { flawOf } = await import("./deno_certificate.ts");
  const needs = { authority: authority.certificate, names: options.names, validAt: options.now + RENEWAL };
  const flaw = certificate && key ? flawOf(certificate, needs) : "there is none";
  if (certificate && key && flaw === undefined) {
    return { authority: authority.certificate, certificate, key };
  }
  const made = await makeServer(authority, options);
  // The key first: a certificate without its key is noticed at the next start, one with another's is not.
  await writeFileAtomically(`${directory}/server.crt`, "", 0o644);
  await writeFileAtomically(`${directory}/server.key`, made.key, 0o600);
  await writeFileAtomically(`${directory}/server.crt`, made.certificate, 0o644);
  options.log.info("Made a server certificate", { directory, names: options.names, because: flaw });
  return { authority: authority.certificate, ...made };
}

/** Certificates that are kept nowhere. */
export async function makePki(options: PkiOptions): Promise<ServerIdentity> {
  const authority = await makeAuthority(options);
  return { authority: authority.certificate, ...await makeServer(authority, options) };
}

async function openAuthority(directory: string, options: PkiOptions): Promise<KeyPair> {
  const certificate = await readFileIfThere(`${directory}/ca.crt`);
  const key = await readFileIfThere(`${directory}/ca.key`);
  if (certificate && key) {
    const { endOf } = await import("./deno_certificate.ts");
    try {
      if (endOf(certificate) >= options.now + RENEWAL) return { certificate, key };
    } catch (cause) {
      throw new Error(
        `Cannot read ${directory}/ca.crt: restore it from a backup, or remove ${directory} to make a new ` +
          "authority, after which every client needs the new kubeconfig or CA file",
        { cause },
      );
    }
  }
  const authority = await makeAuthority(options);
  await writeFileAtomically(`${directory}/ca.key`, authority.key, 0o600);
  await writeFileAtomically(`${directory}/ca.crt`, authority.certificate, 0o644);
  options.log.info("Made a certificate authority", { directory });
  return authority;
}

async function makeAuthority({ now }: PkiOptions): Promise<KeyPair> {
  const library = await import("./certificate_authority.ts");
  return await library.makeAuthority({ now, days: AUTHORITY_DAYS });
}

async function makeServer(authority: KeyPair, { names, now }: PkiOptions): Promise<KeyPair> {
  const library = await import("./certificate_authority.ts");
  return await library.makeServerCertificate(authority, names, { now, days: SERVER_DAYS });
}
