import type { Random } from "@servicelet/shared/ports";

/** Letters of generated names: no vowels, so that no words come out, and nothing that looks alike. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const RANDOM_LETTERS = 5;
const MAX_GENERATED = 63;

/** A name from `metadata.generateName`: its first 58 characters and 5 random ones.
 *
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/storage/names/generate.go
 */
export function generatedName(base: string, random: Random): string {
  let name = base.slice(0, MAX_GENERATED - RANDOM_LETTERS);
  for (let i = 0; i < RANDOM_LETTERS; i++) name += ALPHABET[Math.floor(random.next() * ALPHABET.length)];
  return name;
}
