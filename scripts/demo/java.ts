/** A JVM for the demo: the machine's, or one installed from the distribution's packages.
 *
 * @module
 */
import type { Timeline } from "./timeline.ts";

const PACKAGE = "default-jre-headless";

/** Whether the machine has Java, after installing it where that may be done; says so before it installs, and what to do where it may not. */
export async function ensureJava(timeline: Timeline, options: { setup: boolean }): Promise<boolean> {
  if (await hasJava()) return true;
  const debian = await exists("/etc/debian_version") && await exists("/usr/bin/apt-get");
  const root = Deno.uid() === 0;
  if (options.setup && debian && root) {
    timeline.note(`No Java on this machine: installing ${PACKAGE} with apt-get (--no-setup forbids this)`);
    if (await install() && await hasJava()) return true;
    timeline.note(`${PACKAGE} could not be installed`);
  }
  timeline.note(
    `No Java: the JavaApplication is left out. To see it: ` +
      (debian ? `${root ? "" : "sudo "}apt-get install ${PACKAGE}` : "install a JRE, 11 or later") +
      `, and run the demo again`,
  );
  return false;
}

async function hasJava(): Promise<boolean> {
  if (Deno.env.has("JAVA_HOME") && await exists(`${Deno.env.get("JAVA_HOME")}/bin/java`)) return true;
  for (const directory of (Deno.env.get("PATH") ?? "").split(":")) {
    if (await exists(`${directory}/java`)) return true;
  }
  return false;
}

async function install(): Promise<boolean> {
  for (const args of [["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", PACKAGE]]) {
    const { success } = await new Deno.Command("apt-get", {
      args,
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stdout: "null",
    }).spawn().status;
    if (!success) return false;
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
