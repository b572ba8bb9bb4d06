import type { DirectoryWatch, Files } from "../ports.ts";

/** The machine's files. */
export const denoFiles: Files = {
  readText: (path) => orUndefined(Deno.readTextFile(path)),
  async readBytes(path, offset, length) {
    using file = await Deno.open(path);
    await file.seek(offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const read = await file.read(bytes.subarray(filled));
      if (read === null) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  },
  open: async (path) => (await Deno.open(path)).readable,
  write: (path, text) => Deno.writeTextFile(path, text),
  async writeStream(path, stream) {
    using file = await Deno.open(path, { write: true, create: true, truncate: true });
    for await (const chunk of stream) {
      for (let written = 0; written < chunk.length;) written += await file.write(chunk.subarray(written));
    }
    await file.sync();
  },
  create: (path, text) => unlessTaken(Deno.writeTextFile(path, text, { createNew: true })),
  link: (target, path) => unlessTaken(Deno.symlink(target, path)),
  readLink: (path) => orUndefined(Deno.readLink(path)),
  realPath: (path) => orUndefined(Deno.realPath(path)),
  rename: (from, to) => Deno.rename(from, to),
  makeDirectory: (path) => Deno.mkdir(path, { recursive: true }),
  async list(path) {
    const names: string[] = [];
    try {
      for await (const entry of Deno.readDir(path)) names.push(entry.name);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    return names;
  },
  async remove(path) {
    await orUndefined(Deno.remove(path, { recursive: true }));
  },
  async facts(path) {
    const facts = await orUndefined(Deno.stat(path));
    return facts && {
      size: facts.size,
      isFile: facts.isFile,
      isDirectory: facts.isDirectory,
      mode: facts.mode ?? 0,
      modifiedAt: facts.mtime?.getTime() ?? 0,
    };
  },
  setMode: (path, mode) => Deno.chmod(path, mode),
  truncate: (path) => Deno.truncate(path, 0),
  watch,
};

function watch(path: string, changed: (name: string) => void): DirectoryWatch {
  const watcher = Deno.watchFs(path, { recursive: false });
  follow(watcher, changed);
  return { close: () => watcher.close() };
}

async function follow(watcher: Deno.FsWatcher, changed: (name: string) => void): Promise<void> {
  for await (const event of watcher) {
    if (event.kind === "access") continue;
    for (const path of event.paths) changed(path.slice(path.lastIndexOf("/") + 1));
  }
}

async function orUndefined<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function unlessTaken(result: Promise<void>): Promise<boolean> {
  try {
    await result;
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
