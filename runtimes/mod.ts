/** What runs capabilities on this machine.
 *
 * @module
 */
import { systemClock, systemRandom } from "@servicelet/shared/ports";
import type { Clock, Random } from "@servicelet/shared/ports";
import type { Driver } from "./driver.ts";
import { jvmDriver } from "./jvm/mod.ts";
import { artifactStore, denoFiles, denoNetwork, denoProcesses, processDriver } from "./process/mod.ts";

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
}

/** The built-in drivers by kind of document. */
export function createDrivers(options: DriverOptions): ReadonlyMap<string, Driver> {
  const directory = `${options.stateDirectory}/runtimes`;
  const { clock = systemClock, random = systemRandom, environment, arch, cores } = options;
  const machine = { files: denoFiles, processes: denoProcesses, network: denoNetwork };
  const artifacts = artifactStore({ directory, ...machine, random });
  const shared = { directory, ...machine, clock, random, artifacts, environment };
  const drivers = [processDriver({ ...shared, arch }), jvmDriver({ ...shared, cores })];
  return new Map(drivers.map((driver) => [driver.kind, driver]));
}
