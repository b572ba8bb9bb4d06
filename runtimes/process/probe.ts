import type { Probe } from "@servicelet/shared/kinds";
import type { Clock } from "@servicelet/shared/ports";
import type { Network } from "../ports.ts";

/** What a probe needs from the machine. */
export interface ProbePorts {
  readonly network: Network;
  readonly clock: Clock;
}

const HOST = "127.0.0.1";

/** One attempt: undefined when well, else what was wrong. Redirects count as well and are not followed.
 *
 * @throws the signal's reason
 */
export async function attemptProbe(
  probe: Probe,
  signal: AbortSignal,
  { network, clock }: ProbePorts,
): Promise<string | undefined> {
  const seconds = probe.timeoutSeconds ?? 1;
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(seconds * 1000, done.signal).then(() => late.abort(), () => {});
  try {
    return await attempt(probe, AbortSignal.any([signal, late.signal]), network);
  } catch (error) {
    signal.throwIfAborted();
    return late.signal.aborted ? `${describe(probe)}: no answer within ${seconds} s` : explain(probe, error);
  } finally {
    done.abort();
  }
}

async function attempt(
  { httpGet, tcpSocket }: Probe,
  signal: AbortSignal,
  network: Network,
): Promise<string | undefined> {
  if (tcpSocket) await network.ask(HOST, tcpSocket.port, "", signal);
  if (!httpGet) return undefined;
  const { port, path = "/" } = httpGet;
  // By hand: `fetch` refuses some ports that applications use (6000, 10080, ...), and keeps connections to what may be gone.
  const request = `GET ${encodeURI(path)} HTTP/1.1\r\nHost: ${HOST}:${port}\r\nUser-Agent: servicelet\r\n` +
    "Accept: */*\r\nConnection: close\r\n\r\n";
  const line = await network.ask(HOST, port, request, signal);
  const [, status, text = ""] = /^HTTP\/\S+ (\d{3})(?: (.*))?$/.exec(line) ?? [];
  const url = `http://${HOST}:${port}${path}`;
  if (status === undefined) return `GET ${url}: the answer is not HTTP: ${JSON.stringify(line.slice(0, 40))}`;
  if (status >= "200" && status < "400") return undefined;
  return `GET ${url} answered ${status} ${text}`.trimEnd();
}

function describe({ httpGet, tcpSocket }: Probe): string {
  return httpGet
    ? `GET http://${HOST}:${httpGet.port}${httpGet.path ?? "/"}`
    : `TCP ${HOST}:${tcpSocket?.port}`;
}

function explain(probe: Probe, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/refused/i.test(message)) {
    return `${describe(probe)}: nothing listens on port ${probe.httpGet?.port ?? probe.tcpSocket?.port}`;
  }
  return `${describe(probe)}: ${message.replace(/^error sending request for url \(.*?\): /, "")}`;
}
