/** What this machine has: a test that needs one of these says so in its name and does not run without it.
 *
 * @module
 */

/** A JVM is installed. */
export const hasJava: boolean = await runs("java", ["-version"]);
/** kubectl is installed. */
export const hasKubectl: boolean = await runs("kubectl", ["version", "--client"]);

async function runs(command: string, args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output();
    return success;
  } catch {
    return false;
  }
}
