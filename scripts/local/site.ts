import type { LocalControlPlane } from "./control_plane.ts";
import { type Program, type Running, serviceletSource, startProgram } from "./program.ts";
import { processesUnder, removeTraces } from "./traces.ts";

/** How a site is started. */
export interface SiteOptions {
  readonly controlPlane: LocalControlPlane;
  /** Name of its service runtime. */
  readonly name: string;
  /** Folder in which the site gets a folder of its own. */
  readonly directory: string;
  readonly region?: string;
  /** Address of the server, where it is not that of the control plane. */
  readonly server?: string;
  /** Default: from source. */
  readonly program?: Program;
}

/** A real servicelet on this machine, a process of its own, and what it runs. */
export class LocalSite implements AsyncDisposable {
  readonly name: string;
  readonly stateDirectory: string;
  readonly logFile: string;
  readonly #options: SiteOptions;
  #tokenFile: string | undefined;
  #process: Running | undefined;

  /** Use {@link startSite}. */
  constructor(options: SiteOptions) {
    this.#options = options;
    this.name = options.name;
    this.stateDirectory = `${options.directory}/${options.name}`;
    this.logFile = `${options.directory}/${options.name}.log`;
  }

  /** Process id of the servicelet; changes with each start. */
  get pid(): number {
    return this.#running().pid;
  }

  /** Starts the servicelet, on the state that it left. Resolves once the process exists. */
  async start(): Promise<void> {
    const { controlPlane, region, program = serviceletSource, server = controlPlane.server } = this.#options;
    this.#tokenFile ??= await controlPlane.createToken(this.name);
    const flags = [
      "--server",
      server,
      "--ca-file",
      controlPlane.caFile,
      "--token-file",
      this.#tokenFile,
    ];
    const place = [
      "--name",
      this.name,
      "--state-dir",
      this.stateDirectory,
      ...(region ? ["--region", region] : []),
    ];
    this.#process = await startProgram(program, ["run", ...flags, ...place], this.logFile);
  }

  /** Ends the servicelet, not what it runs, and waits until it is gone. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    const process = this.#running();
    this.#process = undefined;
    process.kill(signal);
    await process.status;
  }

  /** Ends everything at once, as a power cut does. */
  async cutPower(): Promise<void> {
    if (this.#process) await this.stop("SIGKILL");
    for (const pid of this.workloads()) Deno.kill(pid, "SIGKILL");
  }

  /** Processes that run for this site, without the servicelet. */
  workloads(): number[] {
    return processesUnder(this.stateDirectory);
  }

  /** Ends the servicelet and what it runs, and removes its state. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process) await this.stop("SIGKILL");
    await removeTraces(this.stateDirectory);
  }

  #running(): Running {
    if (!this.#process) throw new Error(`The servicelet of ${this.name} is not running`);
    return this.#process;
  }
}

/** Starts a servicelet. */
export async function startSite(options: SiteOptions): Promise<LocalSite> {
  const site = new LocalSite(options);
  await site.start();
  return site;
}
