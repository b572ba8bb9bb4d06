import { Hono } from "hono";
import { StatusError } from "@servicelet/shared/krm";
import type { Clock } from "@servicelet/shared/ports";
import type { ResourceRegistry } from "../registry/resource.ts";
import { groupsOf } from "./discovery_groups.ts";
import type { ApiEnv } from "./environment.ts";
import { statusResponse } from "./errors.ts";
import { createMemo, entityTag } from "./memo.ts";
import { documentV2 } from "./openapi/document_v2.ts";
import { documentV3 } from "./openapi/document_v3.ts";

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const TYPES: readonly string[] = ["application/json", "application/*", "*/*"];

/** What is needed to describe the API. */
export interface OpenApiOptions {
  readonly registry: ResourceRegistry;
  readonly clock: Clock;
}

/** A document with the tag that names its content. */
interface Tagged {
  readonly body: string;
  readonly tag: string;
}

/** `/openapi/v3` with a document for each group and version, named by a hash so that clients may keep it for ever, and `/openapi/v2`.
 * Each is made when it is asked for, once for each state of the registry. */
export function openApiRoutes({ registry, clock }: OpenApiOptions): Hono<ApiEnv> {
  const memo = createMemo(registry);
  const app = new Hono<ApiEnv>();

  const document = (path: string): Promise<Tagged> | undefined =>
    memo(`document ${path}`, () => {
      const served = groupsOf(registry)
        .flatMap(({ name, versions }) => versions.map((one) => ({ ...one, path: pathOf(name, one.version) })))
        .find((one) => one.path === path);
      return served && tagged(JSON.stringify(documentV3(served.resources)));
    });
  const index = (): Promise<Tagged> =>
    memo("index", async () => {
      const paths = groupsOf(registry).flatMap(({ name, versions }) =>
        versions.map(({ version }) => pathOf(name, version))
      );
      const entries = await Promise.all(paths.map(async (path) => {
        const tag = (await document(path))?.tag ?? "";
        return [path, { serverRelativeURL: urlOf(path, tag) }];
      }));
      return tagged(JSON.stringify({ paths: Object.fromEntries(entries) }));
    });

  app.get("/openapi/v3", async (c) => respond(c.req.raw, await index()));
  app.get("/openapi/v3/*", async (c, next) => {
    const { pathname, searchParams } = new URL(c.req.url);
    const path = pathname.slice("/openapi/v3/".length).replace(/\/$/, "");
    const found = await (path === "" ? index() : document(path));
    if (!found) return await next();
    const hash = searchParams.get("hash");
    if (hash === null) return respond(c.req.raw, found);
    if (hash !== found.tag) return c.redirect(urlOf(path, found.tag), 301);
    const forEver = {
      "cache-control": "public, immutable",
      expires: new Date(clock.now() + YEAR_MS).toUTCString(),
    };
    return respond(c.req.raw, found, forEver);
  });
  app.get("/openapi/v2", async (c) => {
    const whole = await memo("v2", () => tagged(JSON.stringify(documentV2(registry.all()))));
    return respond(c.req.raw, whole);
  });
  return app;
}

async function tagged(body: string): Promise<Tagged> {
  return { body, tag: await entityTag(body) };
}

function pathOf(group: string, version: string): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

function urlOf(path: string, tag: string): string {
  return `/openapi/v3/${path}?hash=${tag}`;
}

function respond(
  request: Request,
  { body, tag }: Tagged,
  more: Record<string, string> = {},
): Response {
  const accept = request.headers.get("accept") ?? "*/*";
  const accepted = accept.split(",").map((clause) => clause.split(";")[0]?.trim().toLowerCase() ?? "");
  if (!accepted.some((type) => TYPES.includes(type))) {
    const why = `only the following media types are accepted: application/json: the header Accept was ${
      JSON.stringify(accept)
    }`;
    return statusResponse(new StatusError("NotAcceptable", why));
  }
  const headers = { etag: `"${tag}"`, vary: "Accept", "content-type": "application/json", ...more };
  if (request.headers.get("if-none-match")?.split(",").some((known) => known.trim() === `"${tag}"`)) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(body, { headers });
}
