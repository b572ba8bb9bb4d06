import type { DirectoryWatch, FileFacts, Files } from "../ports.ts";

/** The machine's files. What is small and unsynced is done at once, in the calling thread: 0.02-0.15 ms each, where the way to
 * another thread and back costs 0.15-0.5 ms, and a start has a dozen of them. Contents of any size go the other way. */
export const denoFiles: Files = {
  readText: (path) => orUndefined(() => Deno.readTextFileSync(path)),
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
  write: (path, text) => Promise.try(() => Deno.writeTextFileSync(path, text)),
  async writeStream(path, stream) {
    using file = await Deno.open(path, { write: true, create: true, truncate: true });
    for await (const chunk of stream) {
      for (let written = 0; written < chunk.length;) written += await file.write(chunk.subarray(written));
    }
    await file.sync();
  },
  create: (path, text) => unlessTaken(() => Deno.writeTextFileSync(path, text, { createNew: true })),
  link: (target, path) => unlessTaken(() => Deno.symlinkSync(target, path)),
  readLink: (path) => orUndefined(() => Deno.readLinkSync(path)),
  realPath: (path) => orUndefined(() => Deno.realPathSync(path)),
  rename: (from, to) => Promise.try(() => Deno.renameSync(from, to)),
  makeDirectory: (path) => Promise.try(() => Deno.mkdirSync(path, { recursive: true })),
  list: (path) =>
    orUndefined(() => Array.from(Deno.readDirSync(path), ({ name }) => name)).then((names) => names ?? []),
  remove: (path) => orUndefined(() => Deno.removeSync(path, { recursive: true })),
  facts: (path) => orUndefined(() => factsOf(Deno.statSync(path))),
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

function factsOf({ size, isFile, isDirectory, mode, mtime }: Deno.FileInfo): FileFacts {
  return { size, isFile, isDirectory, mode: mode ?? 0, modifiedAt: mtime?.getTime() ?? 0 };
}

function orUndefined<T>(act: () => T): Promise<T | undefined> {
  return Promise.try(() => {
    try {
      return act();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
}

function unlessTaken(act: () => void): Promise<boolean> {
  return Promise.try(() => {
    try {
      act();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
