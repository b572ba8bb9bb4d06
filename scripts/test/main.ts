/** Runs the tests and closes with what did not run here and why, and the line `N passed, N failed`.
 *
 * `deno task test [--filter TEXT] [FILE…]`: arguments go to `deno test`.
 *
 * @module
 */
import { readReport } from "./report.ts";

const directory = await Deno.makeTempDir({ prefix: "servicelet-test-" });
const junit = `${directory}/report.xml`;
try {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--sanitize-ops", "--sanitize-resources", `--junit-path=${junit}`, ...Deno.args],
    cwd: new URL("../../", import.meta.url),
    stdin: "null",
  }).spawn().status;

  const text = await Deno.readTextFile(junit).catch(() => "");
  const { passed, failed, notRun } = readReport(text);
  for (const name of notRun) console.log(`not run here: ${name}`);
  // A run that broke before its cases (a type error, say) has failed although no case did.
  const broken = code !== 0 && failed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed + broken} failed`);
  Deno.exitCode = code;
} finally {
  await Deno.remove(directory, { recursive: true });
}
