import type { Processes, Spawned } from "../ports.ts";

/** The machine's processes. Calls are synchronous: /proc answers from memory in some 20 microseconds. */
export const denoProcesses: Processes = {
  bootId: () => Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim(),
  spawn,
  stat: (pid) => kernelFile(`/proc/${pid}/stat`),
  pids() {
    const pids: number[] = [];
    for (const entry of Deno.readDirSync("/proc")) {
      const pid = Number(entry.name);
      if (Number.isInteger(pid)) pids.push(pid);
    }
    return pids;
  },
  environment: (pid) => kernelFile(`/proc/${pid}/environ`)?.split("\0"),
  signal(pid, signal) {
    try {
      // Deno passes 0 on to kill(2), which then only asks; its type does not know that.
      Deno.kill(pid, signal as Deno.Signal);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.PermissionDenied) return true;
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  },
  kernelFile,
  listener,
};

function spawn(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Spawned {
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, {
    args,
    cwd,
    env,
    clearEnv: true,
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  // Not before the line has come: a child that does not count makes its pipe not count either.
  const line = firstLine(child.stdout).finally(() => child.unref());
  return { pid: child.pid, firstLine: line, ended: child.status.then(() => {}) };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    for (let text = "";;) {
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
      const end = text.indexOf("\n");
      if (end >= 0) return text.slice(0, end);
    }
  } finally {
    await reader.cancel();
  }
}

function kernelFile(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    // Gone (ENOENT, ESRCH) or another user's: either way nothing can be said about it.
    return undefined;
  }
}

function listener(port: number): { pid: number; name: string } | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of denoProcesses.pids()) {
    if (holds(pid, inodes)) return { pid, name: kernelFile(`/proc/${pid}/comm`)?.trim() ?? "unknown" };
  }
  return undefined;
}

function listeningInodes(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of (kernelFile(table) ?? "").split("\n")) {
      const fields = line.trim().split(/\s+/);
      // 0A is TCP_LISTEN in include/net/tcp_states.h.
      if (fields[1]?.endsWith(suffix) && fields[3] === "0A" && fields[9]) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  return inodes;
}

function holds(pid: number, sockets: ReadonlySet<string>): boolean {
  try {
    for (const entry of Deno.readDirSync(`/proc/${pid}/fd`)) {
      if (sockets.has(Deno.readLinkSync(`/proc/${pid}/fd/${entry.name}`))) return true;
    }
  } catch {
    // It ended meanwhile, or belongs to another user.
  }
  return false;
}
