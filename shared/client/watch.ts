import type { KubeObject, WatchEvent } from "../krm/mod.ts";
import type { Clock } from "../ports/mod.ts";
import type { RequestOptions } from "./client.ts";
import { statusErrorOf } from "./failure.ts";
import { Unreachable } from "./transport.ts";

/** Milliseconds without a byte after which a stream is dead: the server sends a bookmark every ten seconds at the latest. */
export const IDLE_MS = 30_000;

/** Milliseconds within which a stream must open. */
const OPEN_MS = 5_000;

/** What a watch is about. */
export interface WatchOptions {
  /** Path of a collection. */
  readonly path: string;
  /** Resume after this revision. Without it, and without `initialEvents`, the server begins where it likes. */
  readonly resourceVersion?: string;
  /** Begin with everything that exists, ended by a bookmark that says so (see {@link endsInitialEvents}). */
  readonly initialEvents?: boolean;
  /** Labels that documents must carry. */
  readonly labelSelector?: string;
  /** Fields that documents must have. */
  readonly fieldSelector?: string;
  /** Seconds after which the server shall end the stream. */
  readonly timeoutSeconds?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Called when the server has accepted the watch. */
  readonly opened?: () => void;
}

interface WatchPorts {
  readonly open: (path: string, options: RequestOptions) => Promise<Response>;
  readonly base: string;
  readonly clock: Clock;
}

/** Whether this is the bookmark after which everything that existed has been sent. */
export function endsInitialEvents({ type, object }: WatchEvent): boolean {
  return type === "BOOKMARK" && object.metadata.annotations?.["k8s.io/initial-events-end"] === "true";
}

/** Opens a watch and hands over its events; see {@link KubeClient.watch}. */
export async function* openWatch<T extends KubeObject>(
  options: WatchOptions,
  { open, base, clock }: WatchPorts,
): AsyncGenerator<WatchEvent<T>, void, void> {
  const { path, signal, opened } = options;
  const url = base + path;
  const response = await open(path, {
    query: queryOf(options),
    timeoutMs: OPEN_MS,
    ...(signal ? { signal } : {}),
  });
  if (!response.body) throw new Unreachable(url, "the answer to a watch has no body");
  const reader = response.body.getReader();
  // A transport inside this process ends no body when the signal aborts.
  const cancel = () => void reader.cancel().catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  const life = guardIdle(clock, cancel);
  try {
    opened?.();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await read(reader, url, signal);
      if (life.dead) throw new Unreachable(url, `nothing came on the watch for ${IDLE_MS / 1000} s`);
      signal?.throwIfAborted();
      if (done) return;
      life.seen();
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line !== "") yield eventOf<T>(line, url);
      }
    }
  } finally {
    life.end();
    signal?.removeEventListener("abort", cancel);
    cancel();
  }
}

async function read(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  url: string,
  signal: AbortSignal | undefined,
): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  try {
    return await reader.read();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Unreachable(url, "the watch broke off", { cause });
  }
}

function eventOf<T>(line: string, url: string): WatchEvent<T> {
  let event: WatchEvent<T>;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new Unreachable(url, "the watch sent a line that is no JSON", { cause });
  }
  if (event.type === "ERROR") throw statusErrorOf(event.object as Record<string, unknown>);
  return event;
}

/** Calls `died` when nothing was seen for {@link IDLE_MS}. One timer for many events: it looks when it rings how long ago the last was. */
function guardIdle(clock: Clock, died: () => void) {
  const ended = new AbortController();
  const life = { dead: false, last: clock.monotonic(), seen, end: () => ended.abort() };
  function seen(): void {
    life.last = clock.monotonic();
  }
  async function guard(): Promise<void> {
    for (let left = IDLE_MS; left > 0; left = life.last + IDLE_MS - clock.monotonic()) {
      await clock.sleep(left, ended.signal);
    }
    life.dead = true;
    died();
  }
  guard().catch(() => {});
  return life;
}

function queryOf(options: WatchOptions): Record<string, string> {
  return {
    watch: "true",
    allowWatchBookmarks: "true",
    ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
    ...(options.initialEvents ? { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" } : {}),
    ...(options.labelSelector ? { labelSelector: options.labelSelector } : {}),
    ...(options.fieldSelector ? { fieldSelector: options.fieldSelector } : {}),
    ...(options.timeoutSeconds ? { timeoutSeconds: String(options.timeoutSeconds) } : {}),
  };
}
