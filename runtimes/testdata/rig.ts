import assert from "node:assert/strict";
import { systemClock, systemRandom } from "@servicelet/shared/ports";
import type { KubeObject } from "@servicelet/shared/krm";
import { type Driver, type Handle, type Task, TaskError } from "../driver.ts";
import type { Conduct, DriverRig } from "../conformance.ts";
import { parseStat } from "../process/identity.ts";
import { artifactStore, denoFiles, denoNetwork, denoProcesses } from "../process/mod.ts";

/** Options of a driver in a temporary directory. */
export function realOptions(directory: string) {
  return {
    directory,
    files: denoFiles,
    processes: denoProcesses,
    network: denoNetwork,
    clock: systemClock,
    random: systemRandom,
    artifacts: artifactStore({ directory, files: denoFiles, network: denoNetwork, random: systemRandom }),
    environment: Deno.env.toObject(),
    arch: Deno.build.arch,
    cores: navigator.hardwareConcurrency,
  };
}

/** A rig over real processes below a temporary directory; on dispose every process that started there is killed. */
export function realRig(
  driver: (directory: string) => Driver,
  task: (name: string, conduct: Conduct, directory: string) => Task,
  settled: (handle: Handle) => Promise<void>,
): DriverRig {
  const directory = Deno.makeTempDirSync({ prefix: "servicelet-driver-" });
  return {
    driver: () => driver(directory),
    task: (name, conduct) => task(name, conduct, directory),
    kill: ({ pid }) => Deno.kill(pid, "SIGKILL"),
    settled,
    pids: ({ run }) => workloads(run),
    async [Symbol.asyncDispose]() {
      await killAll(directory);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** A task of the kind that the spec is for. */
export function taskOf(kind: string, name: string, spec: unknown): Task {
  const document: KubeObject = {
    apiVersion: "runtimes.servicelet.dev/v1alpha1",
    kind,
    metadata: { name, namespace: "default" },
    spec,
  };
  return { id: `${kind.toLowerCase()}s/default/${name}`, document };
}

/** Living processes that carry the run, without the shim. */
export function workloads(run: string): number[] {
  return pidsWhere((environment) => environment.includes(`SERVICELET_RUN=${run}\0`))
    .filter((pid) => !commandLine(pid).includes("servicelet-shim"));
}

/** Ends everything that was started below the directory; resolves when it is gone. */
export async function killAll(directory: string): Promise<void> {
  for (;;) {
    const left = pidsWhere((environment) =>
      environment.includes(`${directory}/`) && environment.includes("SERVICELET_RUN=")
    );
    if (left.length === 0) return;
    for (const pid of left) denoProcesses.signal(pid, "SIGKILL");
    await until(() => left.every((pid) => !isLiving(pid)));
  }
}

/** Resolves once the condition holds; real processes tell nobody when they have set up a signal handler. */
export async function until(condition: () => boolean, ms = 10_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Not so within ${ms} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Holds that an attempt fails with a {@link TaskError} of this reason and message. */
export async function refused(attempt: Promise<unknown>, reason: string, message: RegExp): Promise<void> {
  await assert.rejects(attempt, (error: unknown) => {
    assert.ok(error instanceof TaskError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
    return true;
  });
}

/** Arguments of a process, blank between them. */
function commandLine(pid: number): string {
  return denoProcesses.kernelFile(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ") ?? "";
}

function pidsWhere(matches: (environment: string) => boolean): number[] {
  return denoProcesses.pids().filter((pid) => {
    const environment = denoProcesses.kernelFile(`/proc/${pid}/environ`);
    return environment !== undefined && isLiving(pid) && matches(environment);
  });
}

function isLiving(pid: number): boolean {
  const state = parseStat(denoProcesses.stat(pid) ?? "")?.state;
  return state !== undefined && state !== "Z" && state !== "X";
}
