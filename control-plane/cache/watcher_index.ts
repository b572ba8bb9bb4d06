import { equalities } from "@servicelet/shared/krm";
import type { DocumentVersion } from "./document_version.ts";
import type { HistoryEntry } from "./history.ts";
import { nameOf, namespaceOf, resourceOf } from "./key_parts.ts";
import type { Scope } from "./watch_cache.ts";

const ALL = "all";
const ANY_RESOURCE = "";

/** Where a watcher is registered: the one equality of its scope that fewest documents meet. */
type Place =
  | { readonly by: "key" | "name" | "namespace"; readonly value: string }
  | { readonly by: "field" | "label"; readonly path: string; readonly value: string }
  | { readonly by: "all" };

/** Watchers by what they select, so that a change meets only those whom it may concern and not every one of the resource. */
export class WatcherIndex<W> {
  readonly #byResource = new Map<string, Buckets<W>>();

  /** Registers a watcher; the answer removes it.
   *
   * @param scope narrowed */
  add(scope: Scope, watcher: W): () => void {
    const resource = scope.resource ?? ANY_RESOURCE;
    const place = placeOf(scope);
    let buckets = this.#byResource.get(resource);
    if (!buckets) this.#byResource.set(resource, buckets = new Buckets());
    buckets.add(place, watcher);
    return () => {
      const buckets = this.#byResource.get(resource);
      buckets?.remove(place, watcher);
      if (buckets?.empty) this.#byResource.delete(resource);
    };
  }

  /** Calls `visit` once for each watcher whose place fits the state before or after the change. */
  visit(entry: HistoryEntry, visit: (watcher: W) => void): void {
    this.#byResource.get(resourceOf(entry.version.key))?.visit(entry, visit);
    this.#byResource.get(ANY_RESOURCE)?.visit(entry, visit);
  }
}

/** Watchers of one resource. Each is in one bucket. */
class Buckets<W> {
  readonly #buckets = new Map<string, Set<W>>();
  /** How many watchers are registered by a field or label; only these are read from documents. */
  readonly #used = { field: new Map<string, number>(), label: new Map<string, number>() };

  get empty(): boolean {
    return this.#buckets.size === 0;
  }

  add(place: Place, watcher: W): void {
    const id = bucketOf(place);
    const bucket = this.#buckets.get(id);
    if (bucket) bucket.add(watcher);
    else this.#buckets.set(id, new Set([watcher]));
    if ("path" in place) count(this.#used[place.by], place.path, 1);
  }

  remove(place: Place, watcher: W): void {
    const id = bucketOf(place);
    const bucket = this.#buckets.get(id);
    if (!bucket?.delete(watcher)) return;
    if (bucket.size === 0) this.#buckets.delete(id);
    if ("path" in place) count(this.#used[place.by], place.path, -1);
  }

  visit({ version, previous, deleted }: HistoryEntry, visit: (watcher: W) => void): void {
    const { key } = version;
    this.#visit({ by: "key", value: key }, visit);
    this.#visit({ by: "name", value: nameOf(key) }, visit);
    this.#visit({ by: "namespace", value: namespaceOf(key) }, visit);
    this.#visit({ by: "all" }, visit);
    const now = deleted ? undefined : version;
    this.#visitValues("field", [now, previous], (state, path) => state.field(path) ?? "", visit);
    this.#visitValues("label", [now, previous], (state, path) => state.labels[path], visit);
  }

  #visitValues(
    by: "field" | "label",
    [now, previous]: readonly (DocumentVersion | undefined)[],
    read: (state: DocumentVersion, path: string) => string | undefined,
    visit: (watcher: W) => void,
  ): void {
    for (const path of this.#used[by].keys()) {
      const value = now && read(now, path);
      const before = previous && read(previous, path);
      if (value !== undefined) this.#visit({ by, path, value }, visit);
      if (before !== undefined && before !== value) this.#visit({ by, path, value: before }, visit);
    }
  }

  #visit(place: Place, visit: (watcher: W) => void): void {
    this.#buckets.get(bucketOf(place))?.forEach(visit);
  }
}

function placeOf({ resource, namespace, name, labels = [], fields = [] }: Scope): Place {
  if (name !== undefined) {
    return namespace && resource !== undefined
      ? { by: "key", value: `${resource}/${namespace}/${name}` }
      : { by: "name", value: name };
  }
  const field = fields.find(({ path, operator }) => operator === "=" && path !== "metadata.namespace");
  if (field) return { by: "field", path: field.path, value: field.value };
  const [label] = equalities(labels);
  if (label) return { by: "label", path: label.key, value: label.value };
  return namespace ? { by: "namespace", value: namespace } : { by: "all" };
}

function bucketOf(place: Place): string {
  switch (place.by) {
    case "all":
      return ALL;
    case "field":
    case "label":
      return `${place.by} ${place.path}=${place.value}`;
    default:
      return `${place.by} ${place.value}`;
  }
}

function count(counts: Map<string, number>, path: string, by: 1 | -1): void {
  const left = (counts.get(path) ?? 0) + by;
  if (left > 0) counts.set(path, left);
  else counts.delete(path);
}
