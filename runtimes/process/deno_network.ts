import type { Network } from "../ports.ts";

/** The machine's network. */
export const denoNetwork: Network = {
  fetch: (url, init) => fetch(url, init),
  async connect(hostname, port, signal) {
    const connection = await Deno.connect({ hostname, port, signal });
    connection.close();
  },
  isPortFree: (port) => ["::", "0.0.0.0"].every((hostname) => canListen(hostname, port)),
};

function canListen(hostname: string, port: number): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return true;
  } catch (error) {
    // Anything else (no IPv6, a port below 1024) is for the application to find out.
    return !(error instanceof Deno.errors.AddrInUse);
  }
}
