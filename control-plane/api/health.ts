import { Hono } from "hono";
import type { ApiEnv } from "./environment.ts";
import { statusResponse, unknownPath } from "./errors.ts";

/** One thing that must be well: answers what is wrong, or undefined. */
export type HealthCheck = () => string | undefined;

/** Checks by name; `ready` ones decide whether requests should be sent here. */
export interface HealthChecks {
  readonly live: Readonly<Record<string, HealthCheck>>;
  readonly ready: Readonly<Record<string, HealthCheck>>;
}

/** `/livez`, `/readyz` and `/healthz`: `ok` or 500, with `?verbose` each check in a line, `?exclude=name` leaves one out, and
 * `/readyz/name` asks for one alone. */
export function healthRoutes({ live, ready }: HealthChecks): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const endpoints = { livez: live, healthz: live, readyz: { ...live, ...ready } };
  for (const [endpoint, checks] of Object.entries(endpoints)) {
    app.get(`/${endpoint}`, (c) => report(endpoint, checks, new URL(c.req.url).searchParams));
    app.get(`/${endpoint}/:check`, (c) => {
      const name = c.req.param("check");
      const check = checks[name];
      return check
        ? report(endpoint, { [name]: check }, new URLSearchParams())
        : statusResponse(unknownPath());
    });
  }
  return app;
}

function report(
  endpoint: string,
  checks: Readonly<Record<string, HealthCheck>>,
  query: URLSearchParams,
): Response {
  const excluded = query.getAll("exclude");
  const results = Object.entries(checks).filter(([name]) => !excluded.includes(name))
    .map(([name, check]) => ({ name, problem: check() }));
  const well = results.every(({ problem }) => problem === undefined);
  const headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  if (well && !query.has("verbose")) return new Response("ok", { headers });
  const lines = results.map(({ name, problem }) =>
    problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`
  );
  const text = [...lines, `${endpoint} check ${well ? "passed" : "failed"}`, ""].join("\n");
  return new Response(text, { status: well ? 200 : 500, headers });
}
