import { Hono } from "hono";
import type { Json } from "@servicelet/shared/krm";
import type { ResourceRegistry } from "../registry/resource.ts";
import { aggregatedGroups } from "./discovery_aggregated.ts";
import { groupsOf } from "./discovery_groups.ts";
import { apiGroup, apiGroupList, apiVersions, resourceList } from "./discovery_legacy.ts";
import type { ApiEnv } from "./environment.ts";
import { createMemo, entityTag, type Memo } from "./memo.ts";

const AGGREGATED_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** What is served: `/api`, `/apis` and below, one document per group and version, or all at once where the client accepts
 * the aggregated form. Documents are made once for each state of the registry. */
export function discoveryRoutes({ registry }: { readonly registry: ResourceRegistry }): Hono<ApiEnv> {
  const memo = createMemo(registry);
  const app = new Hono<ApiEnv>();
  for (const root of ["/api", "/apis"] as const) {
    app.get(root, (c) => rootResponse(c.req.raw, root, memo, registry));
    app.get(`${root}/`, (c) => rootResponse(c.req.raw, root, memo, registry));
  }
  const legacy = async (
    path: string,
    make: () => Json | Promise<Json> | undefined,
    next: () => Promise<void>,
  ) => {
    const body = memo(path, () => {
      const document = make();
      return document === undefined ? undefined : bodyOf(document);
    });
    return body === undefined ? await next() : json(await body);
  };
  for (const end of ["", "/"]) {
    app.get(`/apis/:group${end}`, (c, next) => {
      const name = c.req.param("group");
      return legacy(`/apis/${name}`, () => apiGroup(groupsOf(registry), name), next);
    });
    app.get(`/apis/:group/:version${end}`, (c, next) => {
      const [group, version] = [c.req.param("group"), c.req.param("version")];
      return legacy(
        `/apis/${group}/${version}`,
        () => resourceList(groupsOf(registry), group, version),
        next,
      );
    });
    app.get(`/api/:version${end}`, (c, next) => {
      const version = c.req.param("version");
      return legacy(`/api/${version}`, () => resourceList(groupsOf(registry), "", version), next);
    });
  }
  return app;
}

async function bodyOf(document: Json | Promise<Json>): Promise<string> {
  return `${JSON.stringify(await document)}\n`;
}

async function rootResponse(
  request: Request,
  root: "/api" | "/apis",
  memo: Memo,
  registry: ResourceRegistry,
): Promise<Response> {
  if (!acceptsAggregated(request.headers.get("accept"))) {
    const body = memo(
      root,
      () => `${JSON.stringify(root === "/api" ? apiVersions() : apiGroupList(groupsOf(registry)))}\n`,
    );
    return json(body, { vary: "Accept" });
  }
  const body = memo(`aggregated ${root}`, () => {
    const groups = groupsOf(registry).filter(({ name }) => (name === "") === (root === "/api"));
    return `${JSON.stringify(aggregatedGroups(groups))}\n`;
  });
  const tag = `"${await memo(`tag ${root}`, () => entityTag(body))}"`;
  const headers = { etag: tag, vary: "Accept", "content-type": AGGREGATED_TYPE };
  if (request.headers.get("if-none-match")?.split(",").some((known) => known.trim() === tag)) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(body, { headers });
}

/** Whether the first clause that we can serve asks for the aggregated form. The order of the parameters is the client's. */
function acceptsAggregated(accept: string | null): boolean {
  for (const clause of accept?.split(",") ?? []) {
    const [type, ...parameters] = clause.split(";").map((part) => part.trim());
    if (type !== "application/json" && type !== "*/*" && type !== "application/*") continue;
    const given = new Map(parameters.map((parameter) => parameter.split("=", 2) as [string, string]));
    if (!given.has("as")) return false;
    if (
      given.get("as") === "APIGroupDiscoveryList" && given.get("g") === "apidiscovery.k8s.io" &&
      given.get("v") === "v2"
    ) return true;
  }
  return false;
}

function json(body: string | undefined, headers: Record<string, string> = {}): Response {
  return new Response(body ?? null, { headers: { "content-type": "application/json", ...headers } });
}
