import { IDENTITY_NAMESPACE, PROVIDER_GROUP, SYSTEM_NAMESPACE } from "@servicelet/shared/kinds";
import type { Json } from "@servicelet/shared/krm";
import type { RequestInfo } from "../api/request_info.ts";

/** What the rules may look at beyond the request line; asked only where it decides. */
export interface RequestFacts {
  /** The request's body. */
  body(): Promise<Json | undefined>;
  /** Runtime to which the document that the request names is assigned. */
  assignedRuntime(): Promise<Json | undefined>;
}

const DISCOVERY = /^\/(api|apis|openapi|version|livez|readyz|healthz)(\/|$)/;
const READ = ["get", "list", "watch"];
const CHANGE = ["update", "patch"];

/** Whether the servicelet of `runtime` may make a request. What it may read or change is defined by the documents that are assigned to it:
 * it can name nothing else. */
export async function mayServicelet(
  runtime: string,
  info: RequestInfo,
  facts: RequestFacts,
): Promise<boolean> {
  if (info.resource === "") return info.verb === "get" && DISCOVERY.test(info.path);

  if (isResource(info, PROVIDER_GROUP, "serviceruntimes")) return await mayOnItsRuntime(runtime, info, facts);
  if (isResource(info, "coordination.k8s.io", "leases")) return await mayOnItsLease(runtime, info, facts);
  if (info.resource === "events" && (info.group === "" || info.group === "events.k8s.io")) {
    return info.verb === "create" && info.subresource === "";
  }
  // The cluster's identity: a servicelet removes nothing for a control plane that is another one than before.
  if (isResource(info, "", "namespaces") && info.name === IDENTITY_NAMESPACE) {
    return info.verb === "get" && info.subresource === "";
  }
  return await mayOnDocument(runtime, info, facts);
}

async function mayOnItsRuntime(runtime: string, info: RequestInfo, facts: RequestFacts): Promise<boolean> {
  if (info.verb === "create") return info.subresource === "" && await namesItself(runtime, facts);
  if (info.name !== runtime) return false;
  if (info.subresource === "assignments") return READ.includes(info.verb);
  return (info.subresource === "" || info.subresource === "status") &&
    (READ.includes(info.verb) || CHANGE.includes(info.verb));
}

async function mayOnItsLease(runtime: string, info: RequestInfo, facts: RequestFacts): Promise<boolean> {
  if (info.namespace !== SYSTEM_NAMESPACE || info.subresource !== "") return false;
  if (info.verb === "create") return await namesItself(runtime, facts);
  return info.name === runtime && (READ.includes(info.verb) || CHANGE.includes(info.verb));
}

async function mayOnDocument(runtime: string, info: RequestInfo, facts: RequestFacts): Promise<boolean> {
  if (info.name === "") return false;
  const main = info.subresource === "" && (info.verb === "get" || info.verb === "patch");
  const status = info.subresource === "status" && (info.verb === "get" || CHANGE.includes(info.verb));
  if (!(main || status) || await facts.assignedRuntime() !== runtime) return false;
  // What is wanted is the consumer's to say: of the document itself a servicelet takes its finalizer off, no more.
  return !main || info.verb === "get" || changesFinalizersOnly(await facts.body());
}

function isResource(info: RequestInfo, group: string, resource: string): boolean {
  return info.group === group && info.resource === resource;
}

async function namesItself(runtime: string, facts: RequestFacts): Promise<boolean> {
  const metadata = memberOf(await facts.body(), "metadata");
  return memberOf(metadata, "name") === runtime && memberOf(metadata, "generateName") === undefined;
}

/** True for a merge patch or a JSON patch that touches `metadata.finalizers` and nothing else; preconditions are free. */
function changesFinalizersOnly(patch: Json | undefined): boolean {
  if (Array.isArray(patch)) {
    return patch.every((operation) =>
      memberOf(operation, "op") === "test" ||
      /^\/metadata\/finalizers(\/|$)/.test(String(memberOf(operation, "path"))) &&
        ["add", "remove", "replace"].includes(String(memberOf(operation, "op")))
    );
  }
  return membersAmong(patch, ["metadata"]) &&
    membersAmong(memberOf(patch, "metadata"), ["finalizers", "resourceVersion", "uid"]);
}

function membersAmong(value: Json | undefined, allowed: readonly string[]): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.keys(value).every((key) => allowed.includes(key));
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]
    : undefined;
}
