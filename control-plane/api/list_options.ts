import {
  type FieldSelector,
  type LabelSelector,
  parseFieldSelector,
  parseLabelSelector,
  type StatusCause,
  StatusError,
} from "@servicelet/shared/krm";
import type { Scope } from "../cache/mod.ts";
import type { Resource } from "../registry/resource.ts";
import type { Revision } from "../store/mod.ts";

/** What is listed or watched: a resource, or something that looks like one, such as the assignments of a runtime. */
export type Listed = Pick<Resource, "group" | "version" | "kind" | "listKind" | "fields">;

/** The query of a list or watch. */
export interface ListOptions {
  readonly labels: LabelSelector;
  readonly fields: FieldSelector;
  /** Undefined where the client leaves it open. */
  readonly resourceVersion: Revision | undefined;
  readonly resourceVersionMatch: "Exact" | "NotOlderThan" | undefined;
  /** Documents in one answer; undefined means all. */
  readonly limit: number | undefined;
  readonly continueToken: string | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

/** Reads the query of a list.
 *
 * @throws {StatusError} `BadRequest` for a value that cannot be read, `Invalid` for values that do not go together
 * @see https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/internalversion/validation/validation.go
 */
export function listOptions(query: URLSearchParams, listed: Listed): ListOptions {
  const match = query.get("resourceVersionMatch");
  refuse([
    ...query.has("sendInitialEvents")
      ? [forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list")]
      : [],
    ...match ? listMatchProblems(match, query) : [],
  ]);
  if (query.get("continue") && !["", "0"].includes(query.get("resourceVersion") ?? "")) {
    throw new StatusError("BadRequest", "specifying resource version is not allowed when using continue");
  }
  return read(query, listed);
}

/** Reads the query of a watch.
 *
 * @throws {StatusError} as {@link listOptions} does
 */
export function watchOptions(query: URLSearchParams, listed: Listed): ListOptions {
  refuse(watchMatchProblems(query.get("resourceVersionMatch"), query));
  return read(query, listed);
}

/** The scope of a path, narrowed by the selectors of a query. */
export function selectedScope(scope: Scope, { labels, fields }: ListOptions): Scope {
  const allLabels = [...scope.labels ?? [], ...labels];
  const allFields = [...scope.fields ?? [], ...fields];
  return {
    ...scope,
    ...(allLabels.length > 0 ? { labels: allLabels } : {}),
    ...(allFields.length > 0 ? { fields: allFields } : {}),
  };
}

function read(query: URLSearchParams, listed: Listed): ListOptions {
  return {
    labels: parseLabelSelector(query.get("labelSelector") ?? ""),
    fields: knownFields(parseFieldSelector(query.get("fieldSelector") ?? ""), listed),
    resourceVersion: revision(query.get("resourceVersion")),
    // Other values were refused.
    resourceVersionMatch:
      (query.get("resourceVersionMatch") || undefined) as ListOptions["resourceVersionMatch"],
    limit: integer(query, "limit") || undefined,
    continueToken: query.get("continue") || undefined,
    allowWatchBookmarks: boolean(query.get("allowWatchBookmarks")) ?? false,
    sendInitialEvents: boolean(query.get("sendInitialEvents")),
    timeoutSeconds: integer(query, "timeoutSeconds") || undefined,
  };
}

function listMatchProblems(match: string, query: URLSearchParams): StatusCause[] {
  const version = query.get("resourceVersion") ?? "";
  const field = "resourceVersionMatch";
  return [
    ...version === "" ? [forbidden(field, `${field} is forbidden unless resourceVersion is provided`)] : [],
    ...query.get("continue") ? [forbidden(field, `${field} is forbidden with continue`)] : [],
    ...match !== "Exact" && match !== "NotOlderThan"
      ? [notSupported(field, match, ["Exact", "NotOlderThan"])]
      : [],
    ...match === "Exact" && version === "0"
      ? [forbidden(field, `${field} "exact" is forbidden for resourceVersion "0"`)]
      : [],
  ];
}

function watchMatchProblems(match: string | null, query: URLSearchParams): StatusCause[] {
  const field = "resourceVersionMatch";
  const asksForEvents = query.has("sendInitialEvents");
  return [
    ...asksForEvents && match !== "NotOlderThan"
      ? [forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]
      : [],
    ...match && !asksForEvents
      ? [forbidden(field, `${field} is forbidden for watch unless sendInitialEvents is provided`)]
      : [],
    ...match && match !== "NotOlderThan" ? [notSupported(field, match, ["NotOlderThan"])] : [],
    ...match && query.get("continue") ? [forbidden(field, `${field} is forbidden with continue`)] : [],
  ];
}

function refuse(causes: StatusCause[]): void {
  if (causes.length === 0) return;
  const problems = causes.map(({ field, message }) => `${field}: ${message}`);
  const text = problems.length > 1 ? `[${problems.join(", ")}]` : problems.join();
  throw new StatusError("Invalid", `ListOptions.meta.k8s.io "" is invalid: ${text}`, {
    details: { group: "meta.k8s.io", kind: "ListOptions", causes },
  });
}

function forbidden(field: string, message: string): StatusCause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${message}`, field };
}

function notSupported(field: string, value: string, supported: readonly string[]): StatusCause {
  const values = supported.map((text) => JSON.stringify(text)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`;
  return { reason: "FieldValueNotSupported", message, field };
}

function knownFields(selector: FieldSelector, { fields }: Listed): FieldSelector {
  for (const { path } of selector) {
    if (path !== "metadata.name" && path !== "metadata.namespace" && !Object.hasOwn(fields, path)) {
      throw new StatusError("BadRequest", `field label not supported: ${path}`);
    }
  }
  return selector;
}

function revision(text: string | null): Revision | undefined {
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new StatusError(
    "BadRequest",
    `resourceVersion must be a decimal integer that this server gave out: it was ${JSON.stringify(text)}`,
  );
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (!text) return undefined;
  if (/^-?\d+$/.test(text)) return Math.max(0, Number(text));
  throw new StatusError("BadRequest", `${name} must be an integer: it was ${JSON.stringify(text)}`);
}

/** As Kubernetes reads flags of a query: given without a value they are set. */
function boolean(text: string | null): boolean | undefined {
  return text === null ? undefined : !["0", "false"].includes(text.toLowerCase());
}
