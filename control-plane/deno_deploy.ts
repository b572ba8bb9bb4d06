import { jsonLog, systemClock, systemRandom } from "@servicelet/shared/ports";
import { createTokens, digestOf } from "./auth/mod.ts";
import { createControlPlane } from "./control_plane.ts";
import { startCoordinator } from "./coordinator/mod.ts";
import { untilSignal } from "./deno_signals.ts";
import { openDenoKvStore } from "./store/mod.ts";

/** Serves on Deno Deploy: no flags, the platform ends TLS, other instances may write into the same database, and this one may be told to end
 * at any time with five seconds' notice.
 *
 * @throws {Error} where the variable CONTROL_PLANE_ADMIN_TOKEN is missing
 */
export async function serveOnDeploy(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const token = env["CONTROL_PLANE_ADMIN_TOKEN"] ?? "";
  if (token.length < 16) {
    throw new Error(
      "Cannot start: the environment variable CONTROL_PLANE_ADMIN_TOKEN must hold the administrator's token, " +
        `a random text of at least 16 characters: it had ${token.length}`,
    );
  }
  const ports = { clock: systemClock, random: systemRandom, log: jsonLog({ program: "control-plane" }) };
  const signal = untilSignal();
  await using resources = new AsyncDisposableStack();
  const store = resources.use(
    await openDenoKvStore({ kv: await Deno.openKv(), exclusive: false, ...ports }),
  );
  const tokens = createTokens({ digest: await digestOf(token) });
  const plane = resources.use(await createControlPlane({ store, tokens, ...ports }));
  resources.use(startCoordinator({ ...plane, ...ports }));
  const server = Deno.serve({ onListen: () => {} }, (request) => plane.app.fetch(request));
  await signal;
  const stopped = server.shutdown();
  await plane[Symbol.asyncDispose]();
  await stopped;
}
