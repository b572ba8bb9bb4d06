import type { JavaApplication } from "@servicelet/shared/kinds";
import { parseMemory } from "@servicelet/shared/krm";
import {
  type Driver,
  type Exit,
  type Fingerprint,
  type Handle,
  type Prepared,
  type Recovered,
  type Task,
  TaskError,
} from "../driver.ts";
import { checkWorkingDirectory } from "../process/argv.ts";
import { environmentOf } from "../process/env.ts";
import { type LifecycleOptions, processLifecycle } from "../process/lifecycle.ts";
import { taskPaths } from "../process/paths.ts";
import { revisionOf } from "../process/revision.ts";
import { jvmArguments } from "./arguments.ts";
import { pruneCrashFiles } from "./crash_files.ts";
import { discoverJdks } from "./discover.ts";
import { explainExit } from "./exit.ts";
import { inspectJar } from "./jar.ts";
import { type JavaNeeds, NO_JAVA, selectJdk } from "./select.ts";

/** What the driver needs. */
export interface JvmDriverOptions extends LifecycleOptions {
  /** The servicelet's own environment: PATH, JAVA_HOME and the locale are taken from it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Cores of the machine. */
  readonly cores: number;
  /** Directories that hold Java installations side by side. Default: the usual ones. */
  readonly jdkParents?: readonly string[];
}

/** First Java that runs a source file without compiling it (JEP 330). */
const SOURCE_LAUNCHER = 11;

/** Runs JavaApplications, each in a JVM of its own, as processes. */
export function jvmDriver(options: JvmDriverOptions): Driver {
  const { directory, files, artifacts, environment, cores } = options;
  const lifecycle = processLifecycle(options);
  return {
    ...lifecycle,
    kind: "JavaApplication",
    type: "jvm",
    fingerprint,
    prepare,
    recover,
    wait: async (handle, signal) => explained(handle, await lifecycle.wait(handle, signal)),
    rotate: async (id) => {
      await lifecycle.rotate(id);
      await pruneCrashFiles(taskPaths(directory, id).crash, files);
    },
    stop: async (handle, graceMs) => explained(handle, await lifecycle.stop(handle, graceMs)),
  };

  async function fingerprint(): Promise<Fingerprint> {
    const jdks = await jdksOfThisMachine().catch(() => []);
    const newest = jdks.at(-1);
    if (!newest) return { type: "jvm", available: false, message: NO_JAVA, jdks: [] };
    const shown = jdks.map(({ home, version, feature }) => ({ home, version, feature }));
    return { type: "jvm", available: true, version: newest.version, jdks: shown };
  }

  async function prepare(task: Task, signal: AbortSignal): Promise<Prepared> {
    signal.throwIfAborted();
    const { spec } = task.document as unknown as JavaApplication;
    const { work, crash } = taskPaths(directory, task.id);
    await Promise.all([files.makeDirectory(work), files.makeDirectory(crash)]);
    if (spec.workingDirectory !== undefined) await checkWorkingDirectory(spec.workingDirectory, files);
    const jdks = await jdksOfThisMachine();
    // Before the download: without Java nothing of it can be used.
    if (jdks.length === 0) throw new TaskError("NoSuitableJava", NO_JAVA, { terminal: false });

    const program = await programOf(task, signal);
    const jdk = selectJdk(jdks, program.needs);
    const flags = jvmArguments(spec.jvmFlags ?? [], { crashDirectory: crash, memory: memoryOf(spec), cores });
    return {
      version: 1,
      revision: revisionOf(spec, [
        program.sha256,
        program.mainClass,
        spec.jvmFlags ?? [],
        memoryOf(spec) ?? null,
      ]),
      argv: [`${jdk.home}/bin/java`, ...flags, ...program.start, ...(spec.args ?? [])],
      env: { JAVA_HOME: jdk.home, ...environmentOf(spec, { home: work, own: environment }) },
      ...(spec.workingDirectory === undefined ? {} : { workingDirectory: spec.workingDirectory }),
      ports: spec.ports ?? [],
      artifacts: [program.name],
    };
  }

  async function programOf({ id, document }: Task, signal: AbortSignal) {
    const { artifact, mainClass, javaVersion } = (document as unknown as JavaApplication).spec;
    const isSource = (artifact.type ?? typeOf(artifact.url)) === "Source";
    if (isSource && mainClass !== undefined) {
      const message =
        "spec.mainClass cannot be chosen for a source file, whose first class is started: leave it out";
      throw new TaskError("InvalidSpec", message, { terminal: true });
    }
    const ending = isSource ? ".java" : ".jar";
    const { path, name, sha256 } = await artifacts.fetch({ id, artifact, ending, mode: 0o444 }, signal);
    const wanted = { feature: javaVersion ?? 8, because: "spec.javaVersion" };
    if (isSource) {
      const needs = atLeast(wanted, SOURCE_LAUNCHER, "a source file is run without compiling");
      return { name, sha256, mainClass: null, start: [path], needs: { ...needs, compiler: true } };
    }
    try {
      const jar = await inspectJar(path, mainClass, files);
      const needs = atLeast(wanted, jar.feature ?? 0, `class ${jar.mainClass} is compiled for it`);
      const start = mainClass === undefined ? ["-jar", path] : ["-cp", path, mainClass];
      return { name, sha256, mainClass: mainClass ?? null, start, needs: { ...needs, compiler: false } };
    } catch (error) {
      await artifacts.forget(artifact);
      throw error;
    }
  }

  function jdksOfThisMachine() {
    return discoverJdks({
      environment,
      files,
      ...(options.jdkParents ? { parents: options.jdkParents } : {}),
    });
  }

  async function recover(handle: Handle): Promise<Recovered> {
    const recovered = await lifecycle.recover(handle);
    if (recovered.state === "running") return recovered;
    return { state: "exited", exit: await explained(handle, recovered.exit) };
  }

  function explained(handle: Handle, exit: Exit): Promise<Exit> {
    return explainExit(exit, taskPaths(directory, handle.id).log, files);
  }
}

function atLeast(
  wanted: Omit<JavaNeeds, "compiler">,
  feature: number,
  because: string,
): Omit<JavaNeeds, "compiler"> {
  return wanted.feature >= feature ? wanted : { feature, because };
}

function memoryOf(spec: JavaApplication["spec"]): number | undefined {
  const request = spec.resources?.requests?.memory;
  return request === undefined ? undefined : parseMemory(request, "spec.resources.requests.memory");
}

function typeOf(url: string): "Jar" | "Source" {
  return new URL(url).pathname.endsWith(".java") ? "Source" : "Jar";
}
