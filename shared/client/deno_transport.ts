import type { Transport } from "./transport.ts";

/** A {@link Transport} over the network that ends with what uses it. */
export interface DenoTransport extends Disposable {
  /** Sends requests over kept connections. */
  readonly transport: Transport;
}

/** Requests over HTTP/1.1 with connections that are kept: HTTP/2 costs 44 ms for bodies of 2 KB and more (Nagle's algorithm), a new
 * connection about as much.
 *
 * @param options.caCerts PEM; what these certificates do not vouch for is refused. Default: the machine's.
 */
export function denoTransport({ caCerts }: { readonly caCerts?: readonly string[] } = {}): DenoTransport {
  const client = Deno.createHttpClient({
    http2: false,
    poolIdleTimeout: false,
    ...(caCerts ? { caCerts: [...caCerts] } : {}),
  });
  return {
    transport: (url, init) => fetch(url, { ...init, client }),
    [Symbol.dispose]: () => client.close(),
  };
}
