import type { Random } from "../ports/mod.ts";

/** Chance that repeats itself: the same seed gives the same numbers and UUIDs. */
export function seededRandom(seed: number): Random {
  const next = mulberry32(seed);
  return {
    next,
    uuid() {
      const digits = Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16));
      digits[12] = "4";
      digits[16] = "89ab".charAt(Math.floor(next() * 4));
      const text = digits.join("");
      return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)]
        .join("-");
    },
  };
}

/** A small generator, good enough for tests.
 *
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
