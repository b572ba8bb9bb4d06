import { type Program, serviceletSource } from "@servicelet/scripts/local";
import { hasJava } from "../machine.ts";

/** Where packages and installers put Java on Linux; each is covered by an empty directory that only the program sees. */
const HIDE =
  'for d in /usr/lib/jvm /usr/java /opt/java /usr/local/lib/jvm; do [ ! -d "$d" ] || mount -t tmpfs none "$d"; done; exec "$@"';
const NAMESPACE = ["--user", "--map-root-user", "--mount", "sh", "-c", HIDE, "sh"];
// A link to Java in PATH may lead elsewhere than below those directories.
const ENVIRONMENT = ["env", "-u", "JAVA_HOME", "PATH=/usr/bin:/bin"];

/** The servicelet on a machine without Java: this one, where need be in a mount namespace that hides its Java. Undefined where
 * that is not allowed here. */
export const serviceletWithoutJava: Program | undefined = hasJava ? await hidden() : serviceletSource;

async function hidden(): Promise<Program | undefined> {
  const { command, args } = serviceletSource;
  if (!(await isJavaHidden())) return undefined;
  return { command: "unshare", args: [...NAMESPACE, ...ENVIRONMENT, command, ...args] };
}

async function isJavaHidden(): Promise<boolean> {
  try {
    const args = [...NAMESPACE, ...ENVIRONMENT, "sh", "-c", "! java -version"];
    return (await new Deno.Command("unshare", { args, stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}
