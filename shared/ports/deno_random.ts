import type { Random } from "./random.ts";

/** The machine's random numbers. */
export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => crypto.randomUUID(),
};
