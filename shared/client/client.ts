import type { KubeList, KubeObject, WatchEvent } from "../krm/mod.ts";
import type { Clock, Random } from "../ports/mod.ts";
import { failureOf } from "./failure.ts";
import { type Transport, Unreachable } from "./transport.ts";
import { openWatch, type WatchOptions } from "./watch.ts";

/** Milliseconds within which a request must be answered, unless it says otherwise. */
const TIMEOUT_MS = 10_000;

/** Where a client sends its requests, and as whom. */
export interface ClientOptions {
  /** Address such as `https://127.0.0.1:8443`. */
  readonly server: string;
  /** Bearer token; without it requests carry no identity. */
  readonly token?: string;
  /** Sends the requests. */
  readonly transport: Transport;
  /** Time for deadlines. */
  readonly clock: Clock;
  /** Spreads attempts to reconnect. */
  readonly random: Random;
}

/** What any request may say. */
export interface RequestOptions {
  /** Breaks the request off. */
  readonly signal?: AbortSignal;
  /** Query parameters, such as `fieldManager`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Milliseconds within which it must be answered. Default: ten seconds. */
  readonly timeoutMs?: number;
}

/** What a list may ask for. */
export interface ListQuery {
  /** Labels that documents must carry. */
  readonly labelSelector?: string;
  /** Fields that documents must have. */
  readonly fieldSelector?: string;
  /** Documents of one page. */
  readonly limit?: number;
  /** Token of the page before. */
  readonly continue?: string;
  /** Revision that the answer must not be older than. */
  readonly resourceVersion?: string;
}

/** JSON patch (RFC 6902) or merge patch (RFC 7396). */
export type PatchType = "json" | "merge";

/** How a document is to be deleted. */
export interface DeleteOptions {
  /** What must hold for the deletion. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  /** What becomes of dependents. */
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  /** Seconds that the document may take to end. */
  readonly gracePeriodSeconds?: number;
}

/** Documents of one server by path (see `documentPath`). Every method throws {@link StatusError} where the server refused, and
 * {@link Unreachable} where no answer came. */
export interface KubeClient {
  /** Address of the server. */
  readonly server: string;
  /** Time and chance as this client sees them. */
  readonly ports: { readonly clock: Clock; readonly random: Random };
  /** One document. */
  get<T extends KubeObject = KubeObject>(path: string, options?: RequestOptions): Promise<T>;
  /** A collection, or one page of it. */
  list<T extends KubeObject = KubeObject>(
    path: string,
    query?: ListQuery,
    options?: RequestOptions,
  ): Promise<KubeList<T>>;
  /** Writes a new document into a collection. */
  create<T extends KubeObject>(path: string, document: T, options?: RequestOptions): Promise<T>;
  /** Replaces a document; `metadata.resourceVersion` guards against overwriting. */
  replace<T extends KubeObject>(path: string, document: T, options?: RequestOptions): Promise<T>;
  /** Changes parts of a document. */
  patch<T extends KubeObject = KubeObject>(
    path: string,
    type: PatchType,
    patch: unknown,
    options?: RequestOptions,
  ): Promise<T>;
  /** Deletes a document; answers its last state, or a Status. */
  delete(path: string, how?: DeleteOptions, options?: RequestOptions): Promise<KubeObject>;
  /** Events of a collection until the server ends the stream, it dies, or the signal aborts. */
  watch<T extends KubeObject = KubeObject>(options: WatchOptions): AsyncGenerator<WatchEvent<T>, void, void>;
}

/** A client of one server. Sends nothing until asked to. */
export function createClient({ server, token, transport, clock, random }: ClientOptions): KubeClient {
  const base = server.replace(/\/+$/, "");
  const headers: Record<string, string> = {
    accept: "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };

  /** The deadline holds until `take` has taken what it wants of the answer. */
  async function send<T>(
    method: string,
    path: string,
    { signal, query, timeoutMs = TIMEOUT_MS }: RequestOptions,
    take: (response: Response) => T | Promise<T>,
    body?: { readonly type: string; readonly value: unknown },
  ): Promise<T> {
    const url = `${base}${path}${queryText(query)}`;
    const deadline = new AbortController();
    const ended = new AbortController();
    clock.sleep(timeoutMs, ended.signal).then(
      () => deadline.abort(new Unreachable(url, `no answer within ${timeoutMs / 1000} s`)),
      () => {},
    );
    const either = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
    try {
      const response = await transport(url, {
        method,
        headers: body ? { ...headers, "content-type": body.type } : headers,
        ...(body ? { body: JSON.stringify(body.value) } : {}),
        signal: either,
      });
      if (!response.ok) throw await failureOf(response, url);
      return await take(response);
    } catch (cause) {
      throw asFailure(cause, url, either);
    } finally {
      ended.abort();
    }
  }

  function json<T>(
    method: string,
    path: string,
    options: RequestOptions = {},
    body?: { readonly type: string; readonly value: unknown },
  ): Promise<T> {
    return send(method, path, options, (response) => response.json(), body);
  }

  const document = (value: unknown) => ({ type: "application/json", value });

  return {
    server: base,
    ports: { clock, random },
    get: (path, options) => json("GET", path, options),
    list: (path, query, options) =>
      json("GET", path, { ...options, query: { ...options?.query, ...texts(query) } }),
    create: (path, value, options) => json("POST", path, options, document(value)),
    replace: (path, value, options) => json("PUT", path, options, document(value)),
    patch: (path, type, value, options) =>
      json("PATCH", path, options, {
        type: type === "json" ? "application/json-patch+json" : "application/merge-patch+json",
        value,
      }),
    delete: (path, how, options) => json("DELETE", path, options, how ? document(how) : undefined),
    watch: (options) =>
      openWatch(options, {
        open: (path, more) => send("GET", path, more, (response) => response),
        base,
        clock,
      }),
  };
}

/** Aborts and failures pass as they are; everything else means that no answer came. */
function asFailure(cause: unknown, url: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (cause instanceof Unreachable || (cause as Error)?.name === "StatusError") return cause;
  return new Unreachable(url, cause instanceof Error ? cause.message : String(cause), { cause });
}

function texts(query: ListQuery = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => value === undefined ? [] : [[name, String(value)]]),
  );
}

function queryText(query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString();
  return text ? `?${text}` : "";
}
