import type { ProcessSpec } from "@servicelet/shared/kinds";

/** Where programs are looked for when nothing says otherwise. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Variables that a workload takes over from the servicelet. Nothing else: the rest may be secret. */
const INHERITED = ["LANG", "LC_ALL", "TZ"];

/** What a workload's environment is made from. */
export interface Surroundings {
  /** Its default working directory. */
  readonly home: string;
  /** The servicelet's own environment. */
  readonly own: Readonly<Record<string, string>>;
}

/** Environment of a workload: PATH, HOME and the locale, `PORT_<NAME>` for each port, then the document's, which win. */
export function environmentOf(
  spec: Pick<ProcessSpec, "env" | "ports">,
  { home, own }: Surroundings,
): Record<string, string> {
  const env: Record<string, string> = { PATH: own["PATH"] || DEFAULT_PATH, HOME: home };
  for (const name of INHERITED) {
    if (own[name]) env[name] = own[name];
  }
  for (const { name, port } of spec.ports ?? []) env[portVariable(name)] = String(port);
  for (const { name, value } of spec.env ?? []) env[name] = value ?? "";
  return env;
}

/** `PORT_HTTP_ADMIN` for the port `http-admin`. */
function portVariable(name: string): string {
  return `PORT_${name.toUpperCase().replaceAll("-", "_")}`;
}
