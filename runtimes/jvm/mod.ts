/** The runtime `jvm`: Java programs, each in a JVM of its own, run as processes.
 *
 * @module
 */
export { discoverJdks, type DiscoverOptions, type Jdk } from "./discover.ts";
export { jvmDriver, type JvmDriverOptions } from "./driver.ts";
