import { type KubeObject, StatusError } from "../krm/mod.ts";
import { type Backoff, backoff } from "../reconcile/mod.ts";
import type { KubeClient } from "./client.ts";
import { Unreachable } from "./transport.ts";
import { endsInitialEvents, type WatchOptions } from "./watch.ts";

/** Longest wait in milliseconds between two attempts: an order made when the server is back is seen within two seconds. */
const RECONNECT_CAP_MS = 1_600;
const RECONNECT_BASE_MS = 100;

/** What happens to a collection that is followed. */
export type FollowEvent<T extends KubeObject = KubeObject> =
  /** A complete view follows: until `complete`, documents are those that exist. May come again before `complete` when the connection broke. */
  | { readonly type: "begin" }
  /** The view is complete: what it did not name is not there at this revision. */
  | { readonly type: "complete"; readonly resourceVersion: string }
  /** A document is new or changed. */
  | { readonly type: "document"; readonly object: T }
  /** A document left the collection; `object` is its last state. */
  | { readonly type: "gone"; readonly object: T }
  /** Everything up to this revision has been handed over: a point to resume from. */
  | { readonly type: "progress"; readonly resourceVersion: string };

/** What to follow, and how to begin. */
export interface FollowOptions extends Pick<WatchOptions, "path" | "labelSelector" | "fieldSelector"> {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Resume after this revision, if the server still can; without it a complete view comes first. */
  readonly resourceVersion?: string;
  /** Called as each connection opens, beside the request; nothing is handed over before it resolves. False means that the server is not the
   * one that `resourceVersion` came from: a complete view is taken. */
  readonly verify?: (signal: AbortSignal) => Promise<boolean>;
  /** Called when the server has accepted the watch. */
  readonly opened?: () => void;
  /** Called when a connection failed, with the milliseconds until the next attempt. */
  readonly failed?: (error: unknown, retryMs: number) => void;
}

/** Follows a collection for ever: reconnects with jittered waits, resumes where it can, and begins anew where it cannot. Ends only by the signal,
 * by throwing its reason. */
export async function* follow<T extends KubeObject = KubeObject>(
  client: KubeClient,
  options: FollowOptions,
): AsyncGenerator<FollowEvent<T>, never, void> {
  const { signal, failed } = options;
  const { clock, random } = client.ports;
  const wait = backoff({ initialMs: RECONNECT_BASE_MS, maxMs: RECONNECT_CAP_MS }, random);
  const place: Place = { since: options.resourceVersion, wait, fruitful: false };
  for (;;) {
    const resumed = place.since !== undefined;
    let failure: unknown;
    try {
      yield* connection<T>(client, options, place);
      // An orderly end after something came: the server wants us to connect again.
      if (place.fruitful) continue;
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
      if (error instanceof NotTheSame || cannotResume(error)) {
        place.since = undefined;
        if (resumed) continue;
      }
    }
    const waitMs = wait.next();
    failed?.(failure ?? new Unreachable(client.server + options.path, "it ended the watch at once"), waitMs);
    await clock.sleep(waitMs, signal);
  }
}

interface Place {
  since: string | undefined;
  readonly wait: Backoff;
  /** Whether something came over the last connection. */
  fruitful: boolean;
}

class NotTheSame extends Error {}

async function* connection<T extends KubeObject>(
  client: KubeClient,
  { path, labelSelector, fieldSelector, signal, verify, opened }: FollowOptions,
  place: Place,
): AsyncGenerator<FollowEvent<T>, void, void> {
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  let complete = place.since !== undefined;
  const verified = verify?.(either).then((same) => {
    if (!same && complete && place.since !== undefined) throw new NotTheSame();
  });
  // Also where no event comes: a resumed stream that cannot be trusted ends at once.
  verified?.catch((error) => ended.abort(error));
  place.fruitful = false;
  try {
    const events = client.watch<T>({
      path,
      signal: either,
      ...(opened ? { opened } : {}),
      ...(labelSelector ? { labelSelector } : {}),
      ...(fieldSelector ? { fieldSelector } : {}),
      ...(place.since === undefined ? { initialEvents: true } : { resourceVersion: place.since }),
    });
    for await (const event of events) {
      await verified;
      if (!complete && !place.fruitful) yield { type: "begin" };
      const revision = event.object.metadata.resourceVersion;
      place.fruitful = true;
      place.wait.reset();
      if (endsInitialEvents(event) && !complete && revision !== undefined) {
        complete = true;
        place.since = revision;
        yield { type: "complete", resourceVersion: revision };
      } else if (event.type === "BOOKMARK") {
        if (!complete || revision === undefined) continue;
        place.since = revision;
        yield { type: "progress", resourceVersion: revision };
      } else {
        yield { type: event.type === "DELETED" ? "gone" : "document", object: event.object };
        if (complete && revision !== undefined) place.since = revision;
      }
    }
  } finally {
    ended.abort();
  }
}

function cannotResume(error: unknown): boolean {
  return error instanceof StatusError && (error.reason === "Expired" ||
    (error.details.causes ?? []).some(({ reason }) => reason === "ResourceVersionTooLarge"));
}
