import { Hono } from "hono";
import type { ApiEnv } from "./environment.ts";

/** Version of Kubernetes whose API we speak. Clients decide by it what they may use. */
const KUBERNETES = { major: "1", minor: "37" } as const;

/** Version of ours, as releases are tagged. */
const OWN_VERSION = "0.1.0";

/** What `/version` answers.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/version#Info
 */
export const VERSION = {
  ...KUBERNETES,
  emulationMajor: KUBERNETES.major,
  emulationMinor: KUBERNETES.minor,
  minCompatibilityMajor: KUBERNETES.major,
  minCompatibilityMinor: KUBERNETES.minor,
  gitVersion: `v${KUBERNETES.major}.${KUBERNETES.minor}.0+servicelet-${OWN_VERSION}`,
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "deno",
  platform: "linux/amd64",
} as const;

/** `/version`: which Kubernetes this server behaves like. */
export function versionRoutes(): Hono<ApiEnv> {
  return new Hono<ApiEnv>().get("/version", (c) => c.json(VERSION)).get("/version/", (c) => c.json(VERSION));
}
