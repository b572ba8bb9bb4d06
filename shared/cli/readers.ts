import { InvalidField } from "../krm/mod.ts";
import type { Reader } from "./flag.ts";

/** Any text but none. */
export function anyText(text: string, path: string): string {
  if (text === "") throw new InvalidField(path, text, "must not be empty");
  return text;
}

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly W[]): Reader<W> {
  return (text, path) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new InvalidField(path, text, `must be one of ${words.join(", ")}`);
    return word;
  };
}

/** A whole number from `min` to `max`. */
export function wholeNumber({ min, max }: { min: number; max: number }): Reader<number> {
  return (text, path) => {
    const number = Number(text);
    if (!/^-?\d+$/.test(text) || number < min || number > max) {
      throw new InvalidField(path, text, `must be a whole number from ${min} to ${max}`);
    }
    return number;
  };
}
