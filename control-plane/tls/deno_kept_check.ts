import { readFileIfThere, writeFileAtomically } from "./deno_private_file.ts";
import type { ServerIdentity } from "./deno_pki_directory.ts";

/** What an earlier start found out about certificates. Reading them takes a library that takes 15 ms to load; a digest does not. */
export interface KeptCheck {
  /** SHA-256 of what was looked at. */
  readonly digest: string;
  /** Host names and IP addresses that the server's certificate stands for. */
  readonly names: readonly string[];
  /** Milliseconds since 1970 until which both certificates can be used without looking again. */
  readonly until: number;
}

/** True where the file `path` says that this identity was found good for these names, and for now. */
export async function wasFoundGood(
  path: string,
  identity: ServerIdentity,
  { names, now }: { readonly names: readonly string[]; readonly now: number },
): Promise<boolean> {
  const text = await readFileIfThere(path);
  if (text === undefined) return false;
  let kept: Partial<KeptCheck>;
  try {
    kept = JSON.parse(text) ?? {};
  } catch {
    return false; // As good as none: the certificates are read again.
  }
  return kept.digest === await digestOf(identity) && now < Number(kept.until) &&
    names.every((name) => kept.names?.includes(name));
}

/** Remembers in the file `path` that this identity is good for these names until then. */
export async function keepCheck(
  path: string,
  identity: ServerIdentity,
  { names, until }: { readonly names: readonly string[]; readonly until: number },
): Promise<void> {
  const check: KeptCheck = { digest: await digestOf(identity), names, until };
  await writeFileAtomically(path, `${JSON.stringify(check)}\n`, 0o600);
}

async function digestOf({ authority, certificate, key }: ServerIdentity): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([authority, certificate, key]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
