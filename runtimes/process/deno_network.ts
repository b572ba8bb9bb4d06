import type { Network } from "../ports.ts";

/** The machine's network. */
export const denoNetwork: Network = {
  fetch: (url, init) => fetch(url, init),
  async ask(hostname, port, text, signal) {
    using connection = await Deno.connect({ hostname, port, signal });
    if (text === "") return "";
    // Closing makes a pending read fail: the only way to end one that nobody answers.
    const close = () => connection.close();
    signal.addEventListener("abort", close);
    try {
      await connection.write(new TextEncoder().encode(text));
      return await firstLine(connection);
    } finally {
      signal.removeEventListener("abort", close);
    }
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

/** The first line of what comes, or of its first kilobyte. */
async function firstLine(connection: Deno.TcpConn): Promise<string> {
  const bytes = new Uint8Array(1024);
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n") && text.length < bytes.length) {
    const read = await connection.read(bytes);
    if (read === null) break;
    text += decoder.decode(bytes.subarray(0, read), { stream: true });
  }
  return text.split("\n", 1)[0]?.trimEnd() ?? "";
}
