import { z } from "zod";

/** What a client needs to reach a control plane. */
export interface ClientConfig {
  /** Such as `https://127.0.0.1:8443`. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string;
  readonly token: string;
}

/** The text of a kubeconfig file with one context, `servicelet`. JSON strings are YAML, so that no value can break the file. */
export function kubeconfigText({ server, authority, token }: ClientConfig): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: servicelet
  cluster:
    server: ${JSON.stringify(server)}
    certificate-authority-data: ${btoa(authority)}
users:
- name: admin
  user:
    token: ${JSON.stringify(token)}
contexts:
- name: servicelet
  context:
    cluster: servicelet
    user: admin
current-context: servicelet
`;
}

const kubeconfig = z.object({
  "current-context": z.string(),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(z.object({
    name: z.string(),
    cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64() }),
  })),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
});

/** Reads a kubeconfig file such as {@link kubeconfigText} makes: a token and an embedded authority.
 *
 * @param path for messages
 */
export async function parseKubeconfig(text: string, path: string): Promise<ClientConfig> {
  const { parse } = await import("yaml");
  try {
    const config = kubeconfig.parse(parse(text));
    const { cluster, user } = named(config.contexts, config["current-context"]).context;
    const { server, "certificate-authority-data": authority } = named(config.clusters, cluster).cluster;
    return { server, authority: atob(authority), token: named(config.users, user).user.token };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(
      `Cannot use the kubeconfig ${path}: it must be one that this control plane wrote (--write-kubeconfig): ${why}`,
      { cause },
    );
  }
}

function named<T extends { name: string }>(entries: readonly T[], name: string): T {
  const entry = entries.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`there is no entry named ${JSON.stringify(name)}`);
  return entry;
}
