/** What a request asks for. Every field that does not apply is the empty string. */
export interface RequestInfo {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for other paths the method in lower case. */
  readonly verb: string;
  /** The path as it came, decoded where it is well-formed. */
  readonly path: string;
  /** API group; empty also for the core group. */
  readonly group: string;
  /** Version of the group, such as `v1`. */
  readonly version: string;
  /** Plural name of the resource; empty for paths such as `/version` and discovery. */
  readonly resource: string;
  /** Namespace that the path names; of a request for a namespace its own name. Empty for all namespaces. */
  readonly namespace: string;
  /** Name of one document; for a list or watch the name that `fieldSelector=metadata.name=…` selects. */
  readonly name: string;
  /** Such as `status`; empty for the document itself. */
  readonly subresource: string;
}

const VERBS: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** Namespaces are resources themselves: what follows their name is a resource in them, except these. */
const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(["status", "finalize"]);

/** Takes a request apart by the rules of Kubernetes.
 *
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/request/requestinfo.go
 */
export function requestInfo(method: string, url: string): RequestInfo {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const question = url.indexOf("?", start);
  const path = start < 0 ? "/" : url.slice(start, question < 0 ? undefined : question);
  const query = question < 0 ? "" : url.slice(question + 1);
  const [root, ...segments] = path.split("/").filter((segment) => segment !== "").map(decoded);

  const skip = root === "api" ? 1 : root === "apis" ? 2 : 0;
  if (skip === 0 || segments.length <= skip) return nonResource(method, path);
  const group = root === "apis" ? segments[0] ?? "" : "";
  const version = segments[skip - 1] ?? "";
  return resourceInfo({ method, path, query, group, version, parts: segments.slice(skip) });
}

interface ResourcePath {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly group: string;
  readonly version: string;
  readonly parts: string[];
}

function resourceInfo({ method, path, query, group, version, parts }: ResourcePath): RequestInfo {
  const deprecatedWatch = parts[0] === "watch" && parts.length > 1;
  if (deprecatedWatch) parts = parts.slice(1);
  let namespace = "";
  const [first, second, third] = parts;
  if (first === "namespaces" && group === "" && second !== undefined && namespaced(third)) {
    namespace = second;
    parts = parts.slice(2);
  } else if (first === "namespaces" && group !== "" && second !== undefined && third !== undefined) {
    namespace = second;
    parts = parts.slice(2);
  } else if (first === "namespaces" && group === "" && second !== undefined) {
    namespace = second;
  }
  const [resource = "", name = "", subresource = ""] = parts;
  const info = { path, group, version, resource, namespace, name, subresource };
  if (parts.length > 3) return nonResource(method, path);

  const verb = VERBS[method] ?? method.toLowerCase();
  if (deprecatedWatch && verb === "get") return { ...info, verb: "watch" };
  if (verb === "get") {
    const watches = query !== "" && isTrue(new URLSearchParams(query).get("watch"));
    if (name !== "") return { ...info, verb: watches ? "watch" : "get" };
    return { ...info, name: selectedName(query), verb: watches ? "watch" : "list" };
  }
  if (verb === "delete" && name === "") return { ...info, verb: "deletecollection" };
  return { ...info, verb };
}

function namespaced(third: string | undefined): boolean {
  return third !== undefined && !NAMESPACE_SUBRESOURCES.has(third);
}

/** Name that a field selector demands, so that permission for that one name is enough. */
function selectedName(query: string): string {
  if (!query.includes("fieldSelector")) return "";
  const selector = new URLSearchParams(query).get("fieldSelector") ?? "";
  const match = /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(selector);
  return match?.[1] ?? "";
}

function isTrue(value: string | null): boolean {
  return value === "true" || value === "1" || value === "True" || value === "TRUE" || value === "t";
}

function nonResource(method: string, path: string): RequestInfo {
  return {
    verb: method.toLowerCase(),
    path: decoded(path),
    group: "",
    version: "",
    resource: "",
    namespace: "",
    name: "",
    subresource: "",
  };
}

function decoded(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
