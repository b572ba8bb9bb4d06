import type { ResourceRegistry } from "../registry/resource.ts";

/** Makes something once for each state of the registry. */
export type Memo = <T>(key: string, make: () => T) => T;

/** Remembers what was made until the registry changes. */
export function createMemo(registry: ResourceRegistry): Memo {
  let generation = -1;
  let made = new Map<string, unknown>();
  return function memo<T>(key: string, make: () => T): T {
    if (generation !== registry.generation) {
      generation = registry.generation;
      made = new Map();
    }
    if (made.has(key)) return made.get(key) as T;
    const value = make();
    // What is not served is asked for under any name: only what is there is worth remembering.
    if (value !== undefined) made.set(key, value);
    return value;
  };
}

const UTF8 = new TextEncoder();

/** SHA-512 of a text in upper-case hexadecimal, as Kubernetes tags discovery and OpenAPI documents. */
export async function entityTag(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-512", UTF8.encode(text));
  return new Uint8Array(digest).toHex().toUpperCase();
}
