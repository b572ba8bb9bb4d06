import { describe, it } from "@std/testing/bdd";
import { type Conduct, driverConformance } from "../conformance.ts";
import type { Handle } from "../driver.ts";
import { denoFiles, denoProcesses } from "../process/mod.ts";
import { realOptions, realRig, taskOf, until, workloads } from "../testdata/rig.ts";
import { discoverJdks } from "./discover.ts";
import { jvmDriver } from "./driver.ts";

const BODIES: Record<Conduct, string> = {
  "runs until SIGTERM": 'System.out.println("settled"); Thread.sleep(1_000_000);',
  // A shutdown hook that never ends keeps a JVM alive after SIGTERM.
  "ignores SIGTERM": `Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try { Thread.sleep(1_000_000); } catch (InterruptedException e) { }
    }));
    System.out.println("settled"); Thread.sleep(1_000_000);`,
  "ends with code 7": "System.exit(7);",
  "has a child that ignores SIGTERM":
    `new ProcessBuilder("sh", "-c", "trap '' TERM; exec sleep 1001").start();
    System.out.println("settled"); Thread.sleep(1_000_000);`,
};

const compilers = (await discoverJdks({ environment: Deno.env.toObject(), files: denoFiles }))
  .filter(({ compiles }) => compiles);

if (compilers.length === 0) {
  describe("the driver jvm", { ignore: true }, () => {
    it("is not tried: there is no JDK on this machine", () => {});
  });
} else {
  driverConformance("jvm", () => {
    const logs = new Map<string, string>();
    return Promise.resolve(realRig(
      (directory) => jvmDriver(realOptions(directory)),
      (name, conduct, directory) => {
        const source = `${directory}/${conduct.replaceAll(" ", "-")}.java`;
        const program = `class App { public static void main(String[] args) throws Exception { ${
          BODIES[conduct]
        } } }`;
        Deno.writeTextFileSync(source, program);
        const flags = ["-Xmx32m", "-Xshare:auto", "-XX:TieredStopAtLevel=1"];
        const task = taskOf("JavaApplication", name, {
          artifact: { url: `file://${source}` },
          jvmFlags: flags,
        });
        logs.set(task.id, `${directory}/tasks/${task.id.replaceAll("/", "_")}/log/output.log`);
        return task;
      },
      (handle) => settled(handle, logs.get(handle.id) ?? ""),
    ));
  });
}

async function settled({ run }: Handle, log: string): Promise<void> {
  await until(() =>
    workloads(run).length === 0 || denoProcesses.kernelFile(log)?.includes("settled") === true
  );
}
