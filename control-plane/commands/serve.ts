import {
  anyText,
  type Command,
  command,
  flag,
  list,
  type Terminal,
  type ValuesOf,
} from "@servicelet/shared/cli";
import { jsonLog, type Log, systemClock, systemRandom } from "@servicelet/shared/ports";
import { createTokens, digestOf, kubeconfigText, openAdministratorToken } from "../auth/mod.ts";
import { createControlPlane } from "../control_plane.ts";
import { startCoordinator } from "../coordinator/mod.ts";
import { serve as serveRequests } from "../deno_serve.ts";
import { untilSignal } from "../deno_signals.ts";
import { openDataDirectory } from "../store/mod.ts";
import { makePki, openPkiDirectory, writeFileAtomically } from "../tls/mod.ts";
import { parseListenAddress, serverNames, serverUrl } from "./listen_address.ts";

/** Milliseconds that requests under way have when the program is told to end. */
const STOP_LIMIT_MS = 5_000;
/** A data directory of this name lives in memory. */
const MEMORY = ":memory:";

const definition = {
  name: "control-plane",
  summary: "Serves documents in the way of Kubernetes, and assigns capabilities to service runtimes.",
  description:
    "At its first start it makes a certificate authority, a server certificate and an administrator's token in the data directory. " +
    "It writes a kubeconfig file with which kubectl and every other Kubernetes client work.\n\n" +
    "Once it answers it prints one line on standard output; what it does goes to standard error, one JSON object per line. " +
    "SIGINT and SIGTERM end it after the requests under way, within 5 seconds.",
  variables: "CONTROL_PLANE",
  flags: {
    listen: flag({
      description: "Address to listen on, always with TLS. Port 0 takes a free one.",
      placeholder: "HOST:PORT",
      read: parseListenAddress,
      default: "127.0.0.1:8443",
    }),
    "data-dir": flag({
      description:
        `Directory of everything that must survive a restart; made where it is missing. ${MEMORY} keeps nothing.`,
      placeholder: "DIR",
      read: anyText,
      required: true,
    }),
    "write-kubeconfig": flag({
      description: "File for the administrator's kubeconfig, mode 0600, written at each start. " +
        `By default DIR/kubeconfig; none with ${MEMORY}.`,
      placeholder: "FILE",
      read: anyText,
    }),
    hostname: list({
      description:
        "Further name or IP address under which clients reach this server: it goes into the certificate.",
      placeholder: "NAME",
      read: anyText,
    }),
  },
  examples: [
    {
      purpose: "On this machine only",
      line: "deno task control-plane --data-dir ./data --write-kubeconfig ./kubeconfig",
    },
    { purpose: "Then, in another shell", line: "kubectl --kubeconfig ./kubeconfig get serviceruntimes" },
    {
      purpose: "For servicelets elsewhere",
      line:
        "deno task control-plane --listen 0.0.0.0:8443 --hostname plane.example.org --data-dir /var/lib/servicelet",
    },
    {
      purpose: "To try something out",
      line: "deno task control-plane --data-dir :memory: --write-kubeconfig ./kubeconfig",
    },
  ],
};

/** `control-plane`: runs until it is told to end. */
export function serve(): Command {
  return command(definition, ({ values }, terminal) => run(values, terminal));
}

async function run(values: ValuesOf<typeof definition.flags>, { out }: Terminal): Promise<void> {
  const ports = { clock: systemClock, random: systemRandom, log: jsonLog({ program: "control-plane" }) };
  const { listen, "data-dir": directory, hostname: names } = values;
  const signal = untilSignal();

  await using resources = new AsyncDisposableStack();
  const store = resources.use(await openDataDirectory(directory, ports));
  const identity = await openIdentity(directory, serverNames(listen, names), ports.log);
  const token = await openAdministratorToken(directory === MEMORY ? undefined : `${directory}/admin.token`);
  const plane = resources.use(
    await createControlPlane({ store, tokens: createTokens({ digest: await digestOf(token) }), ...ports }),
  );
  resources.use(startCoordinator({ ...plane, ...ports }));
  const server = serveRequests({
    ...listen,
    identity,
    fetch: (request) => plane.app.fetch(request),
    log: ports.log,
  });

  const url = serverUrl(listen, server.port, names);
  const kubeconfig = values["write-kubeconfig"] ??
    (directory === MEMORY ? undefined : `${directory}/kubeconfig`);
  if (kubeconfig !== undefined) {
    const text = kubeconfigText({ server: url, authority: identity.authority, token });
    await writeFileAtomically(kubeconfig, text, 0o600);
  }
  const hint = kubeconfig === undefined
    ? "give --write-kubeconfig FILE to use it"
    : `kubectl --kubeconfig ${kubeconfig} get serviceruntimes`;
  out(`control plane ready at ${url} in ${Math.round(ports.clock.monotonic())} ms; ${hint}\n`);

  ports.log.info("Stopping", { because: await signal });
  const stopped = server.stop(STOP_LIMIT_MS);
  // Ends the watches, for which the server would wait, and lets /readyz fail.
  await plane[Symbol.asyncDispose]();
  await stopped;
}

async function openIdentity(directory: string, names: readonly string[], log: Log) {
  const options = { names, now: systemClock.now(), log };
  return directory === MEMORY ? await makePki(options) : await openPkiDirectory(`${directory}/pki`, options);
}
