import type { KubeObject, WatchEvent } from "@servicelet/shared/krm";
import { applyMergePatch, StatusError } from "@servicelet/shared/krm";
import type { Transport } from "@servicelet/shared/client";

/** A control plane of a few lines behind a {@link Transport}, for stories that need one to fail, to forget, or to be another one. */
export class StubControlPlane {
  documents = new Map<string, KubeObject>();
  revision = 1;
  identity = "identity-1";
  reachable = true;
  /** Every request so far, as `METHOD path`. */
  readonly requests: string[] = [];
  /** Waits that are fulfilled by a change. */
  readonly #watchers = new Set<(event: WatchEvent | undefined) => void>();
  #next = Promise.withResolvers<void>();
  /** Revisions before it are forgotten. */
  floor = 0;
  readonly #events: { revision: number; event: WatchEvent }[] = [];

  readonly transport: Transport = async (url, init) => {
    await Promise.resolve();
    if (!this.reachable) throw new TypeError("connection refused");
    const { pathname, searchParams } = new URL(url);
    this.requests.push(`${init.method} ${pathname}`);
    try {
      const response = this.#answer(init, pathname, searchParams);
      this.#next.resolve();
      this.#next = Promise.withResolvers();
      return response;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return Response.json(error.toStatus(), { status: error.code });
    }
  };

  /** Creates or replaces a document, at its path. */
  put(path: string, document: KubeObject): KubeObject {
    const old = this.documents.get(path);
    const next = structuredClone(document);
    next.metadata.resourceVersion = String(++this.revision);
    this.documents.set(path, next);
    this.#tell(old ? "MODIFIED" : "ADDED", next, old);
    return next;
  }

  remove(path: string): void {
    const old = this.documents.get(path);
    if (!old) return;
    this.documents.delete(path);
    const last = structuredClone(old);
    last.metadata.resourceVersion = String(++this.revision);
    this.#tell("DELETED", last);
  }

  /** Comes back with a history that ends at `revision`: from a backup, or as another control plane. */
  restore(revision: number, identity: string = this.identity): void {
    this.revision = revision;
    this.identity = identity;
    this.#events.length = 0;
    this.reachable = true;
  }

  /** Resolves with the next request that changed something, or was answered. */
  changed(): Promise<void> {
    return this.#next.promise;
  }

  /** Sends a bookmark to every open stream. */
  beat(): void {
    const object = {
      apiVersion: "v1",
      kind: "Bookmark",
      metadata: { name: "", resourceVersion: String(this.revision) },
    };
    for (const watcher of [...this.#watchers]) watcher({ type: "BOOKMARK", object });
  }

  /** Cuts every open stream; with `away` nobody can connect. */
  cut({ away = false }: { away?: boolean } = {}): void {
    this.reachable = !away;
    for (const watcher of [...this.#watchers]) watcher(undefined);
  }

  #answer(init: RequestInit, path: string, query: URLSearchParams): Response {
    if (path === "/api/v1/namespaces/kube-system") {
      return Response.json({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "kube-system", uid: this.identity },
      });
    }
    if (path.endsWith("/assignments")) return this.#watch(path.split("/").at(-2) ?? "", query);
    const status = path.endsWith("/status");
    const main = status ? path.slice(0, -"/status".length) : path;
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    if (init.method === "POST") {
      const at = `${main}/${body.metadata.name}`;
      if (this.documents.has(at)) throw new StatusError("AlreadyExists", "exists");
      body.metadata.uid = `uid-${this.revision}`;
      body.metadata.generation = 1;
      return Response.json(this.put(at, body), { status: 201 });
    }
    const document = this.documents.get(main);
    if (!document) throw new StatusError("NotFound", `${main} not found`);
    if (init.method === "GET") return Response.json(document);
    const asked = body.metadata?.resourceVersion;
    if (asked !== undefined && asked !== document.metadata.resourceVersion) {
      throw new StatusError("Conflict", "changed");
    }
    const patch = status ? { status: body.status } : body;
    const next = applyMergePatch(document, patch) as unknown as KubeObject;
    if (next.metadata.deletionTimestamp && !next.metadata.finalizers?.length) {
      this.documents.set(main, next);
      this.remove(main);
      return Response.json(next);
    }
    return Response.json(this.put(main, next));
  }

  #watch(runtime: string, query: URLSearchParams): Response {
    const mine = (document: KubeObject) => document.spec?.serviceRuntimeName === runtime;
    const since = query.get("resourceVersion");
    if (since !== null) {
      if (Number(since) < this.floor) throw new StatusError("Expired", "too old");
      if (Number(since) > this.revision) {
        throw new StatusError("Timeout", "too large", {
          details: { causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }] },
        });
      }
    }
    const encoder = new TextEncoder();
    let watcher: (event: WatchEvent | undefined) => void;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const send = (event: WatchEvent) => controller.enqueue(encoder.encode(JSON.stringify(event) + "\n"));
        if (since === null) {
          for (const object of this.documents.values()) if (mine(object)) send({ type: "ADDED", object });
        } else {
          for (const { revision, event } of this.#events) {
            if (revision > Number(since) && mine(event.object)) send(event);
          }
        }
        send({
          type: "BOOKMARK",
          object: {
            apiVersion: "v1",
            kind: "Bookmark",
            metadata: {
              name: "",
              resourceVersion: String(this.revision),
              ...(since === null ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
            },
          },
        });
        watcher = (event) => {
          if (event === undefined) {
            this.#watchers.delete(watcher);
            controller.close();
          } else if (event.type === "BOOKMARK" || mine(event.object)) send(event);
        };
        this.#watchers.add(watcher);
      },
      cancel: () => void this.#watchers.delete(watcher),
    });
    return new Response(body);
  }

  #tell(type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject, old?: KubeObject): void {
    const left = old && old.spec?.serviceRuntimeName !== object.spec?.serviceRuntimeName;
    const entered = left && object.spec?.serviceRuntimeName !== undefined;
    if (left) {
      const last = structuredClone(old);
      last.metadata.resourceVersion = object.metadata.resourceVersion!;
      this.#emit({ type: "DELETED", object: last });
      if (entered) this.#emit({ type: "ADDED", object });
      return;
    }
    this.#emit({ type, object });
  }

  #emit(event: WatchEvent): void {
    this.#events.push({ revision: this.revision, event });
    for (const watcher of [...this.#watchers]) watcher(event);
  }
}
