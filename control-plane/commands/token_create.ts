import { anyText, type Command, command, flag, type Terminal } from "@servicelet/shared/cli";
import { createClient, denoTransport } from "@servicelet/shared/client";
import { SYSTEM_NAMESPACE, TOKEN_SECRET_TYPE } from "@servicelet/shared/kinds";
import { isDnsSubdomain, StatusError } from "@servicelet/shared/krm";
import { systemClock, systemRandom } from "@servicelet/shared/ports";
import { type ClientConfig, digestOf, parseKubeconfig, randomToken } from "../auth/mod.ts";
import { readFileIfThere, writeFileAtomically } from "../tls/mod.ts";

const definition = {
  name: "control-plane token create",
  summary: "Makes a token for the servicelet of the runtime NAME and prints it, alone, on standard output.",
  description:
    "Talks to the running control plane with the administrator's kubeconfig. Only a digest of the token is kept there, in the Secret " +
    `servicelet-token-NAME of the namespace ${SYSTEM_NAMESPACE}: deleting the Secret revokes the token at once.`,
  variables: "CONTROL_PLANE",
  positionals: [{ name: "NAME", description: "Name of the ServiceRuntime, such as site-1." }],
  flags: {
    kubeconfig: flag({
      description: "The file that --write-kubeconfig wrote.",
      placeholder: "FILE",
      read: anyText,
      required: true,
    }),
    write: flag({
      description: "Writes the token to this file too, mode 0600.",
      placeholder: "FILE",
      read: anyText,
    }),
  },
  examples: [{
    purpose: "A token for a servicelet that will call itself site-1",
    line: "deno task control-plane token create site-1 --kubeconfig ./kubeconfig --write ./site-1.token",
  }],
};

/** `control-plane token create NAME`. */
export function tokenCreate(): Command {
  return command(definition, async ({ values, positionals: [name = ""] }, terminal) => {
    if (!isDnsSubdomain(name)) {
      throw new Error(
        `Cannot create a token: NAME must be a DNS name in lower case such as site-1: it was ${
          JSON.stringify(name)
        }`,
      );
    }
    await create(name, values, terminal);
  });
}

async function create(
  name: string,
  { kubeconfig, write }: { readonly kubeconfig: string; readonly write: string | undefined },
  { out }: Terminal,
): Promise<void> {
  const text = await readFileIfThere(kubeconfig);
  if (text === undefined) {
    throw new Error(
      `Cannot read ${kubeconfig}: there is no such file; give the one that --write-kubeconfig wrote`,
    );
  }
  const token = randomToken();
  await createSecret(name, token, await parseKubeconfig(text, kubeconfig), kubeconfig);
  if (write !== undefined) await writeFileAtomically(write, `${token}\n`, 0o600);
  out(`${token}\n`);
}

async function createSecret(
  name: string,
  token: string,
  { server, authority, token: administrator }: ClientConfig,
  kubeconfig: string,
): Promise<void> {
  using connection = denoTransport({ caCerts: [authority] });
  const { transport } = connection;
  const client = createClient({
    server,
    token: administrator,
    transport,
    clock: systemClock,
    random: systemRandom,
  });
  const secret = `servicelet-token-${name}`;
  try {
    await client.create(`/api/v1/namespaces/${SYSTEM_NAMESPACE}/secrets`, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: secret, namespace: SYSTEM_NAMESPACE },
      type: TOKEN_SECRET_TYPE,
      data: { name: btoa(name), sha256: btoa(await digestOf(token)) },
    });
  } catch (cause) {
    const exists = cause instanceof StatusError && cause.reason === "AlreadyExists";
    const why = exists
      ? `it has one; to revoke that one first: kubectl --kubeconfig ${kubeconfig} -n ${SYSTEM_NAMESPACE} delete secret ${secret}`
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new Error(`Cannot create a token for ${name}: ${why}`, { cause });
  }
}
