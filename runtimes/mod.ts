/** What runs capabilities on this machine.
 *
 * @module
 */
import { systemClock, systemRandom } from "@servicelet/shared/ports";
import type { Clock, Random } from "@servicelet/shared/ports";
import type { Driver } from "./driver.ts";
import { jvmDriver } from "./jvm/mod.ts";
import type { Files, Network, Processes } from "./ports.ts";
import {
  artifactStore,
  denoFiles,
  denoNetwork,
  denoProcesses,
  processDriver,
  type RotationLimits,
} from "./process/mod.ts";

export * from "./driver.ts";
export type { DirectoryWatch, FileFacts, Files, Network, Processes, Spawned } from "./ports.ts";

/** What the built-in drivers need. */
export interface DriverOptions {
  /** The servicelet's state directory, absolute; the drivers keep theirs below `runtimes/`. */
  readonly stateDirectory: string;
  /** The servicelet's own environment: PATH, JAVA_HOME and the locale are taken from it. */
  readonly environment: Readonly<Record<string, string>>;
  /** As `Deno.build.arch`. */
  readonly arch: string;
  /** Cores of this machine. */
  readonly cores: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: the machine's. */
  readonly random?: Random;
  /** Default: the machine's. */
  readonly files?: Files;
  /** Default: the machine's. */
  readonly processes?: Processes;
  /** Default: the machine's. */
  readonly network?: Network;
  /** Output kept of each task. Default: 5 files of 5 MB. */
  readonly logs?: RotationLimits;
}

/** The built-in drivers by kind of document. */
export function createDrivers(options: DriverOptions): ReadonlyMap<string, Driver> {
  const directory = `${options.stateDirectory}/runtimes`;
  const {
    clock = systemClock,
    random = systemRandom,
    files = denoFiles,
    processes = denoProcesses,
    network = denoNetwork,
    environment,
    arch,
    cores,
    logs,
  } = options;
  const artifacts = artifactStore({ directory, files, network, random });
  const shared = {
    directory,
    files,
    processes,
    network,
    clock,
    random,
    artifacts,
    environment,
    ...(logs ? { logs } : {}),
  };
  const drivers = [processDriver({ ...shared, arch }), jvmDriver({ ...shared, cores })];
  return new Map(drivers.map((driver) => [driver.kind, driver]));
}
