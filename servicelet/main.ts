import { createDrivers } from "@servicelet/runtimes";
import { anyText, command, flag, list, type Program, runProgram } from "@servicelet/shared/cli";
import { createClient, denoTransport } from "@servicelet/shared/client";
import { InvalidField, isDnsSubdomain } from "@servicelet/shared/krm";
import { jsonLog, systemClock, systemRandom } from "@servicelet/shared/ports";
import { startServicelet } from "./agent.ts";
import { openStateDirectory } from "./deno_files.ts";
import { lookAtMachine } from "./deno_machine.ts";
import { VERSION } from "./version.ts";

const run = command({
  name: "servicelet run",
  summary: "Operates the capabilities that are assigned to one service runtime, on this machine.",
  description:
    `It connects outward only, to the control plane: it follows the documents that carry the runtime's name, starts what they
    order, and reports. What it started outlives it: end it and start it again at any time, it finds its processes again. While the control plane
    is away it works on from the state directory, also after a reboot.\n\nEnds on SIGTERM and SIGINT and leaves what runs alone.`,
  variables: "SERVICELET",
  flags: {
    server: flag({
      placeholder: "URL",
      description: "Address of the control plane, such as https://10.0.0.1:8443.",
      required: true,
      read: readServer,
    }),
    "ca-file": flag({
      placeholder: "FILE",
      description:
        "Certificates (PEM) that vouch for the control plane. Default: those that the machine trusts.",
      read: anyText,
    }),
    "token-file": flag({
      placeholder: "FILE",
      description: "File with the token that `control-plane token create NAME` printed.",
      required: true,
      read: anyText,
    }),
    name: flag({
      placeholder: "NAME",
      description:
        "Name of the ServiceRuntime: the identifier that assignments carry. The token must be made for it.",
      required: true,
      read: readName,
    }),
    "state-dir": flag({
      placeholder: "DIR",
      description: "Folder for everything that must survive a restart; made where it is missing.",
      required: true,
      read: anyText,
    }),
    region: flag({ placeholder: "NAME", description: "Region that placements refer to.", read: anyText }),
    label: list({ placeholder: "KEY=VALUE", description: "Label of the ServiceRuntime.", read: readLabel }),
    address: flag({
      placeholder: "HOST",
      description:
        "Address under which others reach what runs here. Default: that of the interface that leads out.",
      read: anyText,
    }),
  },
  examples: [{
    purpose: "a servicelet called site-1, for the control plane on this machine",
    line:
      "servicelet run --server https://127.0.0.1:8443 --ca-file ca.pem --token-file site-1.token --name site-1 \\\n" +
      "    --state-dir /var/lib/servicelet",
  }],
}, async ({ values }) => {
  const files = await openStateDirectory(values["state-dir"]);
  const [ca, token] = await Promise.all([
    values["ca-file"] === undefined ? undefined : readFile(values["ca-file"], "--ca-file"),
    readFile(values["token-file"], "--token-file"),
  ]);
  const log = jsonLog();
  const ports = { clock: systemClock, random: systemRandom };
  const { transport } = denoTransport(ca === undefined ? {} : { caCerts: [ca] });
  const ending = endOnSignal();
  const servicelet = await startServicelet({
    name: values.name,
    region: values.region,
    labels: Object.fromEntries(values.label),
    client: createClient({ server: values.server, token: token.trim(), transport, ...ports }),
    drivers: createDrivers({
      stateDirectory: await Deno.realPath(values["state-dir"]),
      environment: Deno.env.toObject(),
      arch: Deno.build.arch,
      cores: navigator.hardwareConcurrency,
      ...ports,
    }),
    files,
    machine: lookAtMachine(values.address),
    log,
    ...ports,
  });
  log.info("The servicelet runs", {
    name: values.name,
    server: values.server,
    version: VERSION,
    pid: Deno.pid,
  });
  await ending;
  await servicelet[Symbol.asyncDispose]();
  files[Symbol.dispose]();
  // Kept connections and half-done stops would hold it up.
  Deno.exit(0);
});

const version = command({
  name: "servicelet version",
  summary: "Prints the version.",
  variables: "SERVICELET",
  flags: {},
}, (_, terminal) => {
  terminal.out(`${VERSION}\n`);
  return Promise.resolve();
});

/** The program `servicelet`. */
export const program: Program = { name: "servicelet", commands: [run, version] };

if (import.meta.main) {
  Deno.exitCode = await runProgram(program, Deno.args, Deno.env.toObject(), {
    out: (text) => void Deno.stdout.writeSync(new TextEncoder().encode(text)),
    err: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
  });
}

function endOnSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, () => resolve());
  });
}

async function readFile(path: string, name: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new Error(`Cannot read ${path} (${name})`, { cause });
  }
}

function readServer(text: string, path: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidField(path, text, "must be an address such as https://10.0.0.1:8443");
  }
  return text;
}

function readName(text: string, path: string): string {
  if (!isDnsSubdomain(text)) {
    throw new InvalidField(path, text, "must be lower-case letters, digits, - and ., such as site-1");
  }
  return text;
}

function readLabel(text: string, path: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidField(path, text, "must be KEY=VALUE");
  return [text.slice(0, at), text.slice(at + 1)];
}
