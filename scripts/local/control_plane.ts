import { parse } from "yaml";
import { createClient, denoTransport, type KubeClient } from "@servicelet/shared/client";
import { systemClock, systemRandom } from "@servicelet/shared/ports";
import { controlPlaneSource, type Program, type Running, startProgram } from "./program.ts";

/** How a control plane is started. */
export interface ControlPlaneOptions {
  /** Where its data, kubeconfig and log go. */
  readonly directory: string;
  /** Default: from source. */
  readonly program?: Program;
  /** Default: `DIRECTORY/data`. */
  readonly dataDirectory?: string;
}

/** A real control plane on loopback, a process of its own. */
export class LocalControlPlane implements AsyncDisposable {
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly logFile: string;
  readonly #options: ControlPlaneOptions;
  readonly #closers = new DisposableStack();
  #process: Running | undefined;
  #address = "127.0.0.1:0";
  #client: KubeClient | undefined;

  /** Use {@link startControlPlane}. */
  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.kubeconfig = `${options.directory}/kubeconfig`;
    this.caFile = `${options.directory}/ca.crt`;
    this.logFile = `${options.directory}/control-plane.log`;
  }

  /** Address such as `https://127.0.0.1:41234`; the same after a restart. */
  get server(): string {
    return `https://${this.#address}`;
  }

  /** Process id; changes with each start. */
  get pid(): number {
    return this.#running().pid;
  }

  /** A client with the administrator's token. */
  get client(): KubeClient {
    if (!this.#client) throw new Error("The control plane was never started");
    return this.#client;
  }

  /** Starts it, on the same address and data as before. Resolves when it is ready. */
  async start(): Promise<void> {
    const { directory, program = controlPlaneSource, dataDirectory = `${directory}/data` } = this.#options;
    const flags = [
      "--listen",
      this.#address,
      "--data-dir",
      dataDirectory,
      "--write-kubeconfig",
      this.kubeconfig,
    ];
    this.#process = await startProgram(program, flags, this.logFile);
    await this.#process.firstLine();
    const { server, ca, token } = readKubeconfig(await Deno.readTextFile(this.kubeconfig));
    this.#address = new URL(server).host;
    if (this.#client) return;
    await Deno.writeTextFile(this.caFile, ca);
    const { transport } = this.#closers.use(denoTransport({ caCerts: [ca] }));
    this.#client = createClient({ server, token, transport, clock: systemClock, random: systemRandom });
  }

  /** Ends it and waits until it is gone. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<void> {
    const process = this.#running();
    this.#process = undefined;
    process.kill(signal);
    await process.status;
  }

  /** Makes a token for a servicelet and answers the file that holds it. */
  async createToken(name: string): Promise<string> {
    const file = `${this.#options.directory}/${name}.token`;
    const program = this.#options.program ?? controlPlaneSource;
    const { success, stdout, stderr } = await new Deno.Command(program.command, {
      args: [...program.args, "token", "create", name, "--kubeconfig", this.kubeconfig],
      stdin: "null",
    }).output();
    if (!success) throw new Error(`Cannot create a token for ${name}: ${new TextDecoder().decode(stderr)}`);
    await Deno.writeFile(file, stdout, { mode: 0o600 });
    return file;
  }

  /** Ends it; its directory stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closers.dispose();
    if (this.#process) await this.stop("SIGKILL");
  }

  #running(): Running {
    if (!this.#process) throw new Error("The control plane is not running");
    return this.#process;
  }
}

/** Starts a control plane and waits until it is ready. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<LocalControlPlane> {
  const controlPlane = new LocalControlPlane(options);
  await controlPlane.start();
  return controlPlane;
}

function readKubeconfig(text: string): { server: string; ca: string; token: string } {
  const { clusters: [{ cluster }], users: [{ user }] } = parse(text);
  return {
    server: cluster.server,
    ca: atob(cluster["certificate-authority-data"]),
    token: user.token,
  };
}
