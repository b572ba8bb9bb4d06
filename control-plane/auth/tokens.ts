import { SYSTEM_NAMESPACE, TOKEN_SECRET_TYPE } from "@servicelet/shared/kinds";
import type { User } from "../api/environment.ts";
import type { CacheEvent, WatchCache } from "../cache/watch_cache.ts";

/** Says whose token it is. */
export interface Tokens {
  /** The user of a token, or undefined. */
  userOf(token: string): Promise<User | undefined>;
  /** Learns the tokens of servicelets from the Secrets in `cache`, now and as they change. Called once. */
  follow(cache: WatchCache): void;
}

/** May do everything. */
const ADMINISTRATOR: User = { name: "admin", groups: ["system:masters", "system:authenticated"] };

const USER_PREFIX = "system:servicelet:";
/** Tokens whose digest is remembered, so that a request costs a look-up and no hashing. */
const MOST_REMEMBERED = 20_000;

/** The user that a servicelet's token stands for. `name` is the name of its ServiceRuntime. */
function serviceletUser(name: string): User {
  return { name: `${USER_PREFIX}${name}`, groups: ["system:servicelets", "system:authenticated"] };
}

/** Name of the ServiceRuntime whose servicelet a user is; undefined for other users. */
export function serviceRuntimeOf(user: User): string | undefined {
  const is = user.name.startsWith(USER_PREFIX) && user.groups.includes("system:servicelets");
  return is ? user.name.slice(USER_PREFIX.length) : undefined;
}

/** SHA-256 of a token in lower-case hexadecimal digits: what is kept of it. */
export async function digestOf(token: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token))).toHex();
}

/** Tokens: the administrator's, and those of servicelets once {@link Tokens.follow} was called.
 *
 * @param administrator the token of the administrator, see {@link digestOf}
 */
export function createTokens(administrator: { readonly digest: string }): Tokens {
  const users = new Map([[administrator.digest, ADMINISTRATOR]]);
  /** Digest in each Secret, so that a changed or deleted one revokes what it held. */
  const held = new Map<string, string>();
  const digests = new Map<string, string>();

  function apply({ type, key, bytes }: Pick<CacheEvent, "type" | "key" | "bytes">): boolean {
    const before = held.get(key);
    if (before !== undefined) users.delete(before);
    held.delete(key);
    const token = type === "DELETED" ? undefined : tokenIn(bytes);
    if (token && token.digest !== administrator.digest) {
      held.set(key, token.digest);
      users.set(token.digest, serviceletUser(token.name));
    }
    return true;
  }

  return {
    async userOf(token) {
      const known = digests.get(token);
      const digest = known ?? await digestOf(token);
      const user = users.get(digest);
      // Only tokens that were right once are remembered: guesses must not fill the memory.
      if (user && known === undefined) {
        if (digests.size >= MOST_REMEMBERED) digests.clear();
        digests.set(token, digest);
      }
      return user;
    },
    follow(cache) {
      const scope = { resource: "/secrets", namespace: SYSTEM_NAMESPACE };
      for (const { key, bytes } of cache.list(scope)) apply({ type: "ADDED", key, bytes });
      cache.watch(scope, cache.revision, apply);
    },
  };
}

function tokenIn(bytes: Uint8Array): { name: string; digest: string } | undefined {
  const { type, data } = JSON.parse(new TextDecoder().decode(bytes));
  if (type !== TOKEN_SECRET_TYPE) return undefined;
  const name = decoded(data?.name), digest = decoded(data?.sha256);
  return name && /^[0-9a-f]{64}$/.test(digest) ? { name, digest } : undefined;
}

/** Text of a value in a Secret; empty where it is none. */
function decoded(base64: unknown): string {
  try {
    return typeof base64 === "string" ? atob(base64) : "";
  } catch {
    return "";
  }
}
