import type { Resource } from "../../registry/resource.ts";
import { patchTypes } from "../patch.ts";
import { DELETE, LIST, nameParameter, NAMESPACE, type Parameter, PRETTY, WRITE } from "./parameters.ts";
import { listSchemaName, META, schemaName } from "./schema_names.ts";

/** One operation on a path, before it is written as OpenAPI v2 or v3. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** `list`, `get`, `post`, …, as clients know it by `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  /** Definition and media types of the request's body. */
  readonly body?: { readonly schema: string; readonly types: readonly string[] };
  /** Status codes with the definition of their bodies. */
  readonly responses: Readonly<Record<string, string>>;
}

/** A path with what may be done at it. */
export interface ServedPath {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly operations: readonly Operation[];
}

const BODY_TYPES = ["application/json", "application/yaml"];

/** The paths of a resource with their operations. */
export function servedPaths(resource: Resource): ServedPath[] {
  const { group, version, plural, kind, namespaced, subresources } = resource;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced ? [NAMESPACE] : [];
  const base = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const one = [nameParameter(kind), ...scope, PRETTY];
  return [
    ...(namespaced
      ? [{
        path: `${root}/${plural}`,
        parameters: [PRETTY],
        operations: [listOperation(resource, "ForAllNamespaces")],
      }]
      : []),
    { path: base, parameters: [...scope, PRETTY], operations: collectionOperations(resource) },
    { path: `${base}/{name}`, parameters: one, operations: documentOperations(resource) },
    ...subresources.filter((name) => name !== "assignments").map((name) => ({
      path: `${base}/{name}/${name}`,
      parameters: one,
      operations: subresourceOperations(resource, name),
    })),
  ];
}

/** Whether a request must have a body: options of a deletion may be left out. */
export function needsBody(action: string): boolean {
  return action !== "delete" && action !== "deletecollection";
}

/** What a status code of {@link Operation.responses} says. */
export function answerDescription(code: string): string {
  return code === "200" ? "OK" : code === "201" ? "Created" : "Accepted";
}

function collectionOperations(resource: Resource): Operation[] {
  const { kind } = resource;
  return [
    listOperation(resource, ""),
    {
      ...writing(resource, "post", `create a ${kind}`),
      id: idOf(resource, "create", ""),
      responses: { 200: schemaName(resource), 201: schemaName(resource), 202: schemaName(resource) },
    },
    {
      method: "delete",
      action: "deletecollection",
      id: idOf(resource, "deleteCollection", ""),
      description: `delete collection of ${kind}`,
      parameters: [
        ...DELETE,
        ...LIST.filter(({ name }) => name !== "watch" && name !== "allowWatchBookmarks"),
      ],
      body: { schema: `${META}.DeleteOptions`, types: BODY_TYPES },
      responses: { 200: `${META}.Status` },
    },
  ];
}

function listOperation(resource: Resource, suffix: string): Operation {
  return {
    method: "get",
    action: "list",
    id: `${idOf(resource, "list", "")}${suffix}`,
    description: `list or watch objects of kind ${resource.kind}`,
    parameters: LIST,
    responses: { 200: listSchemaName(resource) },
  };
}

function documentOperations(resource: Resource): Operation[] {
  const { kind } = resource;
  return [
    {
      method: "get",
      action: "get",
      id: idOf(resource, "read", ""),
      description: `read the specified ${kind}`,
      parameters: [],
      responses: { 200: schemaName(resource) },
    },
    { ...writing(resource, "put", `replace the specified ${kind}`), id: idOf(resource, "replace", "") },
    { ...patching(resource, `partially update the specified ${kind}`), id: idOf(resource, "patch", "") },
    {
      method: "delete",
      action: "delete",
      id: idOf(resource, "delete", ""),
      description: `delete a ${kind}`,
      parameters: DELETE,
      body: { schema: `${META}.DeleteOptions`, types: BODY_TYPES },
      responses: { 200: `${META}.Status`, 202: `${META}.Status` },
    },
  ];
}

function subresourceOperations(resource: Resource, name: "status" | "finalize"): Operation[] {
  const what = `${name} of the specified ${resource.kind}`;
  const suffix = name === "status" ? "Status" : "Finalize";
  const put: Operation = {
    ...writing(resource, "put", `replace ${what}`),
    id: idOf(resource, "replace", suffix),
  };
  if (name === "finalize") return [put];
  return [
    {
      method: "get",
      action: "get",
      id: idOf(resource, "read", suffix),
      description: `read ${what}`,
      parameters: [],
      responses: { 200: schemaName(resource) },
    },
    put,
    { ...patching(resource, `partially update ${what}`), id: idOf(resource, "patch", suffix) },
  ];
}

function writing(resource: Resource, method: "post" | "put", description: string): Omit<Operation, "id"> {
  const schema = schemaName(resource);
  return {
    method,
    action: method,
    description,
    parameters: WRITE,
    body: { schema, types: BODY_TYPES },
    responses: { 200: schema, 201: schema },
  };
}

function patching(resource: Resource, description: string): Omit<Operation, "id"> {
  return {
    method: "patch",
    action: "patch",
    description,
    parameters: WRITE,
    body: { schema: `${META}.Patch`, types: patchTypes(resource) },
    responses: { 200: schemaName(resource) },
  };
}

/** An identifier such as `listServiceletDevV1alpha1ServiceRuntime`, unique over all operations. */
function idOf({ group, version, kind, namespaced }: Resource, verb: string, suffix: string): string {
  const words = [...(group === "" ? ["core"] : group.replace(/\.k8s\.io$/, "").split(/[.-]/)), version];
  return `${verb}${words.map(capital).join("")}${namespaced ? "Namespaced" : ""}${kind}${suffix}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
