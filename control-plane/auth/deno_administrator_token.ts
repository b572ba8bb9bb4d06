import { readFileIfThere, writeFileAtomically } from "../tls/mod.ts";
import { randomToken } from "./deno_random_token.ts";

/** The administrator's token in `file` (mode 0600), made where there is none; without a file a new one that is kept nowhere.
 *
 * @throws {Error} where the file holds something else
 */
export async function openAdministratorToken(file: string | undefined): Promise<string> {
  const kept = file === undefined ? undefined : await readFileIfThere(file);
  if (kept !== undefined) {
    const token = kept.trim();
    if (!/^\S{16,}$/.test(token)) {
      throw new Error(
        `Cannot use ${file}: it must hold one token of at least 16 characters; remove it to make a new one`,
      );
    }
    return token;
  }
  const token = randomToken();
  if (file !== undefined) await writeFileAtomically(file, `${token}\n`, 0o600);
  return token;
}
