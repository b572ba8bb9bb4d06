/** Which files of the project may do what. Pure, so that it can be tested without the linter.
 *
 * @module
 */

const DEPENDENCIES: Record<string, readonly string[]> = {
  shared: ["shared"],
  runtimes: ["shared"],
  servicelet: ["shared", "runtimes"],
  "control-plane": ["shared"],
};

// The checkout may itself lie in a folder that is called like one of ours.
const ROOT = new URL("../../", import.meta.url).pathname;

/** True for adapters, entry points, scripts, and everything that only tests run. */
export function mayTouchThePlatform(file: string): boolean {
  const path = withinProject(file);
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /^deno_.*\.ts$/.test(name) || name === "main.ts" || isTest(path) ||
    /^(scripts|tests|shared\/testing)\//.test(path);
}

/** Packages that a file may import by name; undefined where anything goes (scripts, tests). */
export function allowedPackages(file: string): readonly string[] | undefined {
  const path = withinProject(file);
  if (isTest(path)) return undefined;
  const folder = /^(shared|runtimes|servicelet|control-plane)\//.exec(path)?.[1];
  return folder === undefined ? undefined : DEPENDENCIES[folder];
}

function isTest(path: string): boolean {
  return /_test\.ts$/.test(path) || /\/testdata\//.test(path) || /(^|\/)conformance\.ts$/.test(path);
}

function withinProject(file: string): string {
  const path = file.replace(/^file:\/\//, "").replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}
