import type { Log } from "@servicelet/shared/ports";
import { switchOffDelay } from "./tls/deno_no_delay.ts";
import type { ServerIdentity } from "./tls/deno_pki_directory.ts";

/** Where and how to serve. */
export interface ServeOptions {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly identity: ServerIdentity;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly log: Log;
}

/** A server that answers. */
export interface Serving {
  /** The port that was taken. */
  readonly port: number;
  /** Stops taking requests, lets those under way end, and cuts those that have not after `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Serves over TLS, HTTP/1.1 and HTTP/2.
 *
 * @throws {Error} where the address cannot be listened on; says which and why
 */
export function serve({ hostname, port, identity, fetch, log }: ServeOptions): Serving {
  const cut = new AbortController();
  const server = listen(hostname, port, () =>
    Deno.serve({
      hostname,
      port,
      cert: identity.certificate,
      key: identity.key,
      signal: cut.signal,
      onListen: () => {},
      onError(error) {
        log.error("A request failed outside of the API", { error });
        return new Response("Internal Server Error\n", { status: 500 });
      },
    }, (request) => fetch(request)));
  switchOffDelay(server.addr.port, log);
  return {
    port: server.addr.port,
    async stop(limitMs) {
      const timer = setTimeout(() => cut.abort(), limitMs);
      await server.shutdown();
      clearTimeout(timer);
    },
  };
}

function listen<T>(hostname: string, port: number, start: () => T): T {
  try {
    return start();
  } catch (cause) {
    throw new Error(`Cannot listen on ${hostname}:${port}: ${whyNot(cause)}`, { cause });
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return "another process has the port: stop it, or choose another with --listen (port 0 takes a free one)";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return "this machine does not have that address: use 127.0.0.1, 0.0.0.0 or an address of its own";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "not permitted: ports below 1024 need privileges";
  }
  return error instanceof Error ? error.message : String(error);
}
