/** The machine as the drivers see it: small interfaces, so that a test can make a disk full or a process vanish.
 *
 * @module
 */

/** Facts about one file. */
export interface FileFacts {
  /** In bytes. */
  readonly size: number;
  /** True for a regular file. */
  readonly isFile: boolean;
  /** True for a directory. */
  readonly isDirectory: boolean;
  /** Permission bits. */
  readonly mode: number;
  /** Milliseconds since 1970 of the last change. */
  readonly modifiedAt: number;
}

/** A directory that is being watched. */
export interface DirectoryWatch {
  /** Stops telling. */
  close(): void;
}

/** Files and directories. Where nothing is there, reading gives undefined and removing does nothing. */
export interface Files {
  /** Text of a file. */
  readText(path: string): Promise<string | undefined>;
  /** Up to `length` bytes from `offset` on; fewer at the end. */
  readBytes(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The whole file as a stream; rejects with `Deno.errors.NotFound` where there is none. */
  open(path: string): Promise<ReadableStream<Uint8Array>>;
  /** Writes in place: only for files that nobody reads yet. */
  write(path: string, text: string): Promise<void>;
  /** Writes a stream and syncs it to disk. */
  writeStream(path: string, stream: AsyncIterable<Uint8Array>): Promise<void>;
  /** Creates the file, or gives false where it exists: of two callers exactly one wins. */
  create(path: string, text: string): Promise<boolean>;
  /** Creates a symbolic link, or gives false where the name is taken: of two callers exactly one wins. */
  link(target: string, path: string): Promise<boolean>;
  /** What a symbolic link points at. */
  readLink(path: string): Promise<string | undefined>;
  /** The path without symbolic links; undefined where it leads nowhere. */
  realPath(path: string): Promise<string | undefined>;
  /** Moves within one file system, replacing what is there. */
  rename(from: string, to: string): Promise<void>;
  /** Makes a directory and those above it. */
  makeDirectory(path: string): Promise<void>;
  /** Names in a directory; none where there is no directory. */
  list(path: string): Promise<string[]>;
  /** Removes a file, a link or a directory with everything in it. */
  remove(path: string): Promise<void>;
  /** Follows links. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** Sets permission bits. */
  setMode(path: string, mode: number): Promise<void>;
  /** Cuts a file to nothing, in place. */
  truncate(path: string): Promise<void>;
  /** Calls back with the name of each file in the directory that changes.
   *
   * @throws where the kernel has no watch left */
  watch(path: string, changed: (name: string) => void): DirectoryWatch;
}

/** A process that was just started. */
export interface Spawned {
  /** Also number of its session and group. */
  readonly pid: number;
  /** Its first line on standard output; undefined where it ended without any. */
  readonly firstLine: Promise<string | undefined>;
  /** Resolves when it ended. */
  readonly ended: Promise<void>;
}

/** Processes of this machine. Everything but `spawn` reads /proc, which never waits for a disk. */
export interface Processes {
  /** Changes with each boot. */
  bootId(): string;
  /** Starts a program in a session of its own; input and errors are /dev/null. It does not keep this program alive. */
  spawn(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Spawned;
  /** Text of /proc/PID/stat. */
  stat(pid: number): string | undefined;
  /** Every process id. */
  pids(): number[];
  /** Environment that a process was started with; undefined where it cannot be read. */
  environment(pid: number): readonly string[] | undefined;
  /** Sends a signal; a negative pid means the group. 0 only asks. False where there is nobody. */
  signal(pid: number, signal: Deno.Signal | 0): boolean;
  /** Text of another file of /proc or /sys. */
  kernelFile(path: string): string | undefined;
  /** Who listens on a TCP port, as far as it can be seen. */
  listener(port: number): { readonly pid: number; readonly name: string } | undefined;
}

/** The network. */
export interface Network {
  /** As the platform's `fetch`. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Connects by TCP, sends the text, and gives the first line of the answer; with no text it hangs up at once. */
  ask(hostname: string, port: number, text: string, signal: AbortSignal): Promise<string>;
  /** True where a program could listen on the port. */
  isPortFree(port: number): boolean;
}
