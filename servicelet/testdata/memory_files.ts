import { type Files, previousOf } from "../state/mod.ts";

/** A state directory in memory, which a test may damage. */
export interface MemoryFiles extends Files {
  readonly texts: Map<string, string>;
}

/** An empty state directory. */
export function memoryFiles(): MemoryFiles {
  const texts = new Map<string, string>();
  return {
    texts,
    list: (folder) =>
      Promise.resolve(
        [...texts.keys()].filter((name) => name.startsWith(`${folder}/`)).map((name) =>
          name.slice(folder.length + 1)
        ).sort(),
      ),
    read: (name) => Promise.resolve(texts.get(name)),
    write(name, text) {
      const before = texts.get(name);
      if (before !== undefined) texts.set(previousOf(name), before);
      texts.set(name, text);
      return Promise.resolve();
    },
    remove(name) {
      texts.delete(name);
      texts.delete(previousOf(name));
      return Promise.resolve();
    },
  };
}
