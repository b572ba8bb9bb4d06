import type { ProcessApplication } from "@servicelet/shared/kinds";
import { type Driver, type Fingerprint, type Prepared, type Task, TaskError } from "../driver.ts";
import { checkArchitecture, checkWorkingDirectory, resolveCommand } from "./argv.ts";
import { environmentOf } from "./env.ts";
import { type LifecycleOptions, processLifecycle } from "./lifecycle.ts";
import { taskPaths } from "./paths.ts";
import { revisionOf } from "./revision.ts";

/** What the driver needs. */
export interface ProcessDriverOptions extends LifecycleOptions {
  /** The servicelet's own environment; PATH and the locale are taken from it. */
  readonly environment: Readonly<Record<string, string>>;
  /** As `Deno.build.arch`. */
  readonly arch: string;
}

/** Runs ProcessApplications: native executables and scripts. */
export function processDriver(options: ProcessDriverOptions): Driver {
  const { directory, files, processes, artifacts, environment, arch } = options;
  return {
    kind: "ProcessApplication",
    type: "process",
    fingerprint,
    prepare,
    ...processLifecycle(options),
  };

  async function fingerprint(): Promise<Fingerprint> {
    const version = processes.kernelFile("/proc/sys/kernel/osrelease")?.trim();
    if (version === undefined) {
      const message = "There is no /proc: processes can only be run on Linux with /proc mounted.";
      return { type: "process", available: false, message };
    }
    if (!(await files.facts("/bin/sh"))?.isFile) {
      return {
        type: "process",
        available: false,
        version,
        message: "There is no /bin/sh: install a POSIX shell.",
      };
    }
    return { type: "process", available: true, version };
  }

  async function prepare(task: Task, signal: AbortSignal): Promise<Prepared> {
    signal.throwIfAborted();
    const { spec } = task.document as unknown as ProcessApplication;
    const { home, workingDirectory, env } = await placeFor(task);
    const program = await programFor();
    await checkArchitecture(program.path, arch, files);
    return {
      version: 1,
      revision: revisionOf(spec, program.identity),
      argv: [program.path, ...program.first, ...(spec.args ?? [])],
      env,
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ports: spec.ports ?? [],
      artifacts: program.artifacts,
    };

    async function programFor() {
      const { command, artifact } = spec;
      if (command && !artifact) {
        const [name = "", ...first] = command;
        const lookup = { path: env["PATH"] ?? "", workingDirectory: workingDirectory ?? home, files };
        return { path: await resolveCommand(name, lookup), first, artifacts: [], identity: command };
      }
      if (artifact && !command) {
        const stored = await artifacts.fetch({ id: task.id, artifact, ending: "", mode: 0o555 }, signal);
        return { path: stored.path, first: [], artifacts: [stored.name], identity: stored.sha256 };
      }
      const what = command ? "both" : "neither";
      throw new TaskError(
        "InvalidSpec",
        `spec must have exactly one of command and artifact: it has ${what}`,
        { terminal: true },
      );
    }
  }

  async function placeFor({ id, document }: Task) {
    const { spec } = document as unknown as ProcessApplication;
    const home = taskPaths(directory, id).work;
    await files.makeDirectory(home);
    if (spec.workingDirectory !== undefined) await checkWorkingDirectory(spec.workingDirectory, files);
    return {
      home,
      workingDirectory: spec.workingDirectory,
      env: environmentOf(spec, { home, own: environment }),
    };
  }
}
