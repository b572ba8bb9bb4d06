import { TaskError } from "../driver.ts";
import type { Jdk } from "./discover.ts";

/** What a program needs of a Java installation. */
export interface JavaNeeds {
  readonly feature: number;
  /** Why that feature version. */
  readonly because: string;
  /** True for a source file. */
  readonly compiler: boolean;
}

/** What to do where there is no Java at all. */
export const NO_JAVA =
  "There is no Java on this machine: install one, for example openjdk-17-jdk-headless, below /usr/lib/jvm " +
  "or set JAVA_HOME of the servicelet";

/** The lowest installation that will do, so that a program sees the same one wherever it runs.
 *
 * @throws {TaskError} NoSuitableJava
 */
export function selectJdk(jdks: readonly Jdk[], needs: JavaNeeds): Jdk {
  const fitting = jdks.find((jdk) => jdk.feature >= needs.feature && (jdk.compiles || !needs.compiler));
  if (fitting) return fitting;
  if (jdks.length === 0) throw new TaskError("NoSuitableJava", NO_JAVA, { terminal: false });
  const found = jdks.map((jdk) => `${jdk.version}${jdk.compiles ? "" : " without a compiler"} at ${jdk.home}`)
    .join(", ");
  const what = needs.compiler ? "a JDK (with the module jdk.compiler)" : "Java";
  throw new TaskError(
    "NoSuitableJava",
    `Needs ${what} >= ${needs.feature} (${needs.because}); found ${found}: install one that fits below /usr/lib/jvm, or ` +
      "lower what is needed",
    { terminal: false },
  );
}
