/** One kept HTTP/1.1 connection over TLS, as cheap as can be: the load generator shares the machine with what it measures.
 *
 * @module
 */

/** Whom to speak to. */
export interface Target {
  readonly hostname: string;
  readonly port: number;
  readonly ca: string;
  readonly token: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const SEPARATOR = encoder.encode("\r\n\r\n");
const LAST_CHUNK = encoder.encode("0\r\n\r\n");

/** A connection that carries one request at a time. */
export class Connection implements Disposable {
  readonly #connection: Deno.TlsConn;
  readonly #target: Target;
  readonly #chunk = new Uint8Array(256 * 1024);

  private constructor(connection: Deno.TlsConn, target: Target) {
    this.#connection = connection;
    this.#target = target;
  }

  /** Connects. The delay of small packets is switched off, or it would be what is measured. */
  static async open(target: Target): Promise<Connection> {
    const tcp = await Deno.connect({ hostname: target.hostname, port: target.port });
    tcp.setNoDelay(true);
    const options = { hostname: target.hostname, caCerts: [target.ca], alpnProtocols: ["http/1.1"] };
    return new Connection(await Deno.startTls(tcp, options), target);
  }

  /** Sends a request and reads the whole answer.
   *
   * @returns the bytes of the answer's body, framing included
   * @throws for an answer other than 200 and 201 */
  async request(method: string, path: string, body?: string, type = "application/json"): Promise<Uint8Array> {
    await this.#send(method, path, body, type);
    const parts: Uint8Array[] = [];
    let head: { status: number; end: (total: number, last: Uint8Array) => boolean } | undefined;
    let total = 0;
    let pending: Uint8Array = new Uint8Array(0);
    for (;;) {
      const read = await this.#connection.read(this.#chunk);
      if (read === null) throw new Error(`${method} ${path}: the connection ended`);
      let bytes = this.#chunk.slice(0, read);
      if (!head) {
        pending = concat([pending, bytes]);
        const at = indexOf(pending, SEPARATOR);
        if (at < 0) continue;
        head = readHead(decoder.decode(pending.subarray(0, at)));
        bytes = pending.slice(at + SEPARATOR.length);
      }
      parts.push(bytes);
      total += bytes.length;
      if (!head.end(total, bytes)) continue;
      const answer = parts.length === 1 ? bytes : concat(parts);
      if (head.status === 200 || head.status === 201) return answer;
      throw new Error(`${method} ${path} answered ${head.status}: ${decoder.decode(answer).slice(0, 300)}`);
    }
  }

  /** Opens a watch; `onText` gets each piece as it arrives. Resolves once the head of the answer is there. */
  async watch(path: string, onText: (text: string) => void): Promise<void> {
    await this.#send("GET", path);
    const opened = Promise.withResolvers<void>();
    this.#pump(onText, opened.resolve).catch((error) => opened.reject(error));
    await opened.promise;
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    try {
      this.#connection.close();
    } catch {
      // Closed by the other side.
    }
  }

  async #pump(onText: (text: string) => void, opened: () => void): Promise<void> {
    const chunk = new Uint8Array(8 * 1024);
    let head = "";
    let open = false;
    for (;;) {
      const read = await this.#connection.read(chunk).catch(() => null);
      if (read === null) return;
      const text = decoder.decode(chunk.subarray(0, read));
      if (open) {
        onText(text);
        continue;
      }
      head += text;
      const at = head.indexOf("\r\n\r\n");
      if (at < 0) continue;
      if (!head.startsWith("HTTP/1.1 200")) throw new Error(`A watch answered ${head.slice(0, 200)}`);
      open = true;
      opened();
      onText(head.slice(at + 4));
    }
  }

  async #send(method: string, path: string, body = "", type = "application/json"): Promise<void> {
    const { hostname, token } = this.#target;
    const payload = encoder.encode(body);
    const head = `${method} ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n` +
      `Accept: application/json\r\nContent-Type: ${type}\r\nContent-Length: ${payload.length}\r\n\r\n`;
    let bytes: Uint8Array = concat([encoder.encode(head), payload]);
    while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
  }
}

function readHead(head: string): { status: number; end: (total: number, last: Uint8Array) => boolean } {
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return { status, end: (total) => total >= Number(length) };
  return { status, end: (_total, last) => endsWith(last, LAST_CHUNK) };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let i = 0; i + wanted.length <= bytes.length; i++) {
    if (wanted.every((byte, j) => bytes[i + j] === byte)) return i;
  }
  return -1;
}

function endsWith(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const from = bytes.length - wanted.length;
  return from >= 0 && wanted.every((byte, j) => bytes[from + j] === byte);
}
