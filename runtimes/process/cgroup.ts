import type { Processes } from "../ports.ts";

/** How often the kernel has killed for lack of memory in the cgroup of this process, which workloads inherit; undefined where it
 * does not count.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html `memory.events`, and `memory.oom_control` of version 1
 */
export function oomKills(processes: Processes): number | undefined {
  const groups = (processes.kernelFile("/proc/self/cgroup") ?? "").trim().split("\n").map((line) =>
    line.split(":")
  );
  const v1 = groups.find(([, controllers]) => controllers?.split(",").includes("memory"))?.[2];
  const v2 = groups.find(([hierarchy]) => hierarchy === "0")?.[2];
  const text = v1 === undefined
    ? processes.kernelFile(`/sys/fs/cgroup${v2}/memory.events`)
    : processes.kernelFile(`/sys/fs/cgroup/memory${v1}/memory.oom_control`) ??
      processes.kernelFile("/sys/fs/cgroup/memory/memory.oom_control");
  const count = /^oom_kill (\d+)$/m.exec(text ?? "")?.[1];
  return count === undefined ? undefined : Number(count);
}
