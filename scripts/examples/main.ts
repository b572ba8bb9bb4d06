/** Builds `examples/greeter/greeter.jar` from `Greeter.java` with the machine's JDK: the same source gives the same bytes, so
 * that the checksum in the example's order stays true.
 *
 * @module
 */

const EXAMPLE = new URL("../../examples/greeter/", import.meta.url).pathname;
const TARGET = Deno.args[0] ?? `${EXAMPLE}greeter.jar`;

const classes = await Deno.makeTempDir({ prefix: "servicelet-greeter-" });
try {
  await run("javac", ["--release", "11", "-g:none", "-d", classes, `${EXAMPLE}Greeter.java`]);
  await run("jar", [
    "--create",
    "--file",
    TARGET,
    "--main-class",
    "Greeter",
    "--date",
    "2026-01-01T00:00:00Z",
    "-C",
    classes,
    ".",
  ]);
} finally {
  await Deno.remove(classes, { recursive: true });
}
const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(TARGET));
console.log(new Uint8Array(digest).toHex());

async function run(command: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(command, { args }).spawn().status;
  if (!success) throw new Error(`Cannot build ${TARGET}: ${command} failed`);
}
