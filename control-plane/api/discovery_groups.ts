import type { Resource, ResourceRegistry } from "../registry/resource.ts";

/** One version of a group with what it serves, by plural name. */
export interface GroupVersion {
  readonly version: string;
  readonly resources: readonly Resource[];
}

/** A group with its versions, the preferred one first. */
export interface Group {
  /** Empty for the core group. */
  readonly name: string;
  readonly versions: readonly GroupVersion[];
}

/** The groups served, the core group first and the others by name. */
export function groupsOf(registry: ResourceRegistry): Group[] {
  const groups = Map.groupBy(registry.all(), ({ group }) => group);
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([name, resources]) => ({
    name,
    versions: [...Map.groupBy(resources, ({ version }) => version)]
      .sort(([a], [b]) => compareVersions(a, b))
      .map(([version, served]) => ({
        version,
        resources: served.toSorted((a, b) => compare(a.plural, b.plural)),
      })),
  }));
}

/** Order of versions by Kubernetes' priority: stable before beta before alpha, newer before older, other names last.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/master/pkg/version/helpers.go
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [priority(a), priority(b)];
  if (!left || !right) return left ? -1 : right ? 1 : compare(a, b);
  return right.stability - left.stability || right.major - left.major || right.minor - left.minor;
}

const STABILITY = ["alpha", "beta", undefined];

function priority(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (!match) return undefined;
  return { stability: STABILITY.indexOf(match[2]), major: Number(match[1]), minor: Number(match[3] ?? 0) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
