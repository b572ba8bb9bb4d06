import { isJsonObject, type Json } from "@servicelet/shared/krm";

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

/** Reads a kubeconfig file such as {@link kubeconfigText} makes: a token and an embedded authority.
 *
 * @param path for messages
 */
export async function parseKubeconfig(text: string, path: string): Promise<ClientConfig> {
  const { parse } = await import("yaml");
  try {
    const config: Json = parse(text);
    const context = entry(config, "contexts", textAt(config, "current-context"), "context");
    const cluster = entry(config, "clusters", textAt(context.value, "cluster", context.path), "cluster");
    const user = entry(config, "users", textAt(context.value, "user", context.path), "user");
    const server = textAt(cluster.value, "server", cluster.path);
    if (!URL.canParse(server)) throw new TypeError(`${cluster.path}server must be a URL: it was ${server}`);
    return {
      server,
      authority: atob(textAt(cluster.value, "certificate-authority-data", cluster.path)),
      token: textAt(user.value, "token", user.path),
    };
  } catch (cause) {
    throw new Error(
      `Cannot use the kubeconfig ${path}: it must be one that this control plane wrote (--write-kubeconfig): ${
        cause instanceof Error ? cause.message : String(cause)
      }`,
      { cause },
    );
  }
}

/** What the entry of this name in a list such as `users` holds in its field such as `user`. */
function entry(config: Json, list: string, name: string, field: string): { value: Json; path: string } {
  const entries = isJsonObject(config) ? config[list] : undefined;
  if (!Array.isArray(entries)) throw new TypeError(`${list} must be a list`);
  const index = entries.findIndex((candidate) => isJsonObject(candidate) && candidate["name"] === name);
  const found = entries[index];
  if (!isJsonObject(found)) throw new TypeError(`${list} must have an entry named ${JSON.stringify(name)}`);
  return { value: found[field] ?? null, path: `${list}[${index}].${field}.` };
}

function textAt(value: Json, field: string, path = ""): string {
  const text = isJsonObject(value) ? value[field] : undefined;
  if (typeof text !== "string" || text === "") {
    throw new TypeError(`${path}${field} must be a text: it was ${JSON.stringify(text)}`);
  }
  return text;
}
