import type { Artifact } from "@servicelet/shared/kinds";
import type { Random } from "@servicelet/shared/ports";
import { type Prepared, TaskError } from "../driver.ts";
import type { Files, Network } from "../ports.ts";
import { receive } from "./artifact_source.ts";
import { createLocks } from "./locks.ts";
import { taskPaths } from "./paths.ts";
import { sha256 } from "./sha256.ts";

/** A file that was fetched and verified. */
export interface StoredArtifact {
  /** Absolute. */
  readonly path: string;
  /** File name in the store. */
  readonly name: string;
  /** Of its content, hexadecimal. */
  readonly sha256: string;
  /** Its size. */
  readonly bytes: number;
  /** True where it had to be fetched now. */
  readonly fetched: boolean;
}

/** How an artifact is wanted. */
export interface ArtifactRequest {
  /** Task that needs it. */
  readonly id: string;
  /** As the document says. */
  readonly artifact: Artifact;
  /** End of its file name, such as `.jar`. */
  readonly ending: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Files named by their content, shared by all tasks, kept while a task needs them. */
export interface Artifacts {
  /** Fetches an artifact unless it is there. Without a checksum it is named by what came, and fetched again only when the address
   * changes.
   *
   * @throws {TaskError} ArtifactNotFound, ArtifactNotReachable, ArtifactNotAFile, ArtifactNotStored, ChecksumMismatch
   */
  fetch(request: ArtifactRequest, signal: AbortSignal): Promise<StoredArtifact>;
  /** Throws away what came from an address, since it was of no use. */
  forget(artifact: Artifact): Promise<void>;
  /** Lets go of what the task needed before this was started. */
  keepOnly(id: string, prepared: Prepared): Promise<void>;
  /** Lets go of everything that the task needed, and removes what no task needs. */
  release(id: string): Promise<void>;
}

/** What the store needs. */
export interface ArtifactOptions {
  /** The driver's directory. */
  readonly directory: string;
  /** Where it is kept. */
  readonly files: Files;
  /** Where it comes from. */
  readonly network: Network;
  /** Names what is on its way. */
  readonly random: Random;
}

/** The store below `artifacts/`: `sha256-{hex}{ending}`, and `urls/{digest of the address}` with the digest of what came. */
export function artifactStore({ directory, files, network, random }: ArtifactOptions): Artifacts {
  const root = `${directory}/artifacts`;
  const locked = createLocks();
  /** What this program has promised to tasks, also before it stands on disk. */
  const needed = new Map<string, Set<string>>();

  return {
    fetch: (request, signal) =>
      locked(request.artifact.sha256 ?? request.artifact.url, () => fetchOnce(request, signal)),
    forget: ({ url }) => files.remove(rememberedPath(url)),
    async keepOnly(id, prepared) {
      // Written by prepare() of this package.
      const names = (prepared["artifacts"] ?? []) as readonly string[];
      needed.delete(id);
      const path = taskPaths(directory, id).artifacts;
      const text = names.join("\n");
      if ((await files.readText(path) ?? "") !== text) await files.write(path, text);
    },
    async release(id) {
      needed.delete(id);
      await collect();
    },
  };

  async function fetchOnce(request: ArtifactRequest, signal: AbortSignal): Promise<StoredArtifact> {
    const { artifact: { url, sha256: wanted }, ending, id } = request;
    const expected = wanted ?? await files.readText(rememberedPath(url));
    if (expected !== undefined) {
      const name = `sha256-${expected}${ending}`;
      await need(id, name);
      const facts = await files.facts(`${root}/${name}`);
      if (facts) {
        return { path: `${root}/${name}`, name, sha256: expected, bytes: facts.size, fetched: false };
      }
    }
    return await download(request, signal);
  }

  async function download({ artifact, ending, mode, id }: ArtifactRequest, signal: AbortSignal) {
    const temporary = `${root}/.incoming-${random.uuid()}`;
    await files.makeDirectory(`${root}/urls`);
    try {
      const { sha256: digest, bytes } = await receive(artifact, temporary, { files, network, signal });
      const name = `sha256-${digest}${ending}`;
      await need(id, name);
      await files.setMode(temporary, mode);
      await files.rename(temporary, `${root}/${name}`);
      if (artifact.sha256 === undefined) await files.write(rememberedPath(artifact.url), digest);
      return { path: `${root}/${name}`, name, sha256: digest, bytes, fetched: true };
    } catch (cause) {
      await files.remove(temporary);
      if (cause instanceof TaskError || signal.aborted) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new TaskError("ArtifactNotStored", `Cannot store the artifact in ${root}: ${message}`, {
        terminal: false,
        cause,
      });
    }
  }

  async function need(id: string, name: string): Promise<void> {
    needed.getOrInsertComputed(id, () => new Set()).add(name);
    const { artifacts: path, root: task } = taskPaths(directory, id);
    const names = await namesIn(path);
    if (names.includes(name)) return;
    await files.makeDirectory(task);
    await files.write(path, [...names, name].join("\n"));
  }

  async function collect(): Promise<void> {
    const tasks = await files.list(`${directory}/tasks`);
    const onDisk = await Promise.all(tasks.map((task) => namesIn(`${directory}/tasks/${task}/artifacts`)));
    const stored = (await files.list(root)).filter((name) => name.startsWith("sha256-"));
    // Looked at last, in one go with the decision: a task may have been promised something meanwhile.
    const keep = new Set([...onDisk.flat(), ...[...needed.values()].flatMap((names) => [...names])]);
    await Promise.all(
      stored.filter((name) => !keep.has(name)).map((name) => files.remove(`${root}/${name}`)),
    );
  }

  async function namesIn(path: string): Promise<string[]> {
    return (await files.readText(path) ?? "").split("\n").filter((name) => name !== "");
  }

  function rememberedPath(url: string): string {
    return `${root}/urls/${sha256(url)}`;
  }
}
