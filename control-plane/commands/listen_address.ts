import { InvalidField } from "@servicelet/shared/krm";

/** Where to listen. */
export interface ListenAddress {
  /** Host name or IP address, without brackets. */
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Reads `HOST:PORT`, IPv6 addresses in brackets.
 *
 * @throws {InvalidField} at `path`
 */
export function parseListenAddress(text: string, path: string): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const hostname = bracketed ?? plain, port = Number(digits);
  if (hostname === undefined || port > 65535) {
    throw new InvalidField(
      path,
      text,
      "must be HOST:PORT such as 127.0.0.1:8443 or [::1]:8443, the port from 0 to 65535",
    );
  }
  return { hostname, port };
}

/** Names under which a server that listens there is reached: those given, where it listens, and loopback. */
export function serverNames({ hostname }: ListenAddress, given: readonly string[]): string[] {
  return [
    ...new Set([...given, ...isEverywhere(hostname) ? [] : [hostname], "localhost", "127.0.0.1", "::1"]),
  ];
}

/** The URL for clients: the address listened on; where that is every address, the first name given, or loopback. */
export function serverUrl(
  { hostname }: ListenAddress,
  port: number,
  given: readonly string[],
): string {
  const name = isEverywhere(hostname) ? given[0] ?? "127.0.0.1" : hostname;
  return `https://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function isEverywhere(hostname: string): boolean {
  return hostname === "0.0.0.0" || hostname === "::";
}
