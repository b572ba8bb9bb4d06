import type { Files } from "../ports.ts";

/** Crash reports and heap dumps kept of a task: a JVM that crashes again and again must not fill the disk. */
const KEPT = 5;

/** Removes all but the newest files of a task's crash directory. */
export async function pruneCrashFiles(directory: string, files: Files): Promise<void> {
  const names = await files.list(directory);
  const found = await Promise.all(names.map(async (name) => {
    const path = `${directory}/${name}`;
    return { path, modifiedAt: (await files.facts(path))?.modifiedAt ?? 0 };
  }));
  const old = found.sort((a, b) => b.modifiedAt - a.modifiedAt).slice(KEPT);
  await Promise.all(old.map(({ path }) => files.remove(path)));
}
