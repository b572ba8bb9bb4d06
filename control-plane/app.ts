import { Hono } from "hono";
import { discoveryRoutes } from "./api/discovery.ts";
import type { ApiEnv } from "./api/environment.ts";
import { answerErrors, answerNotFound } from "./api/errors.ts";
import { type HealthChecks, healthRoutes } from "./api/health.ts";
import { openApiRoutes } from "./api/openapi_v3.ts";
import type { ApiPorts } from "./api/ports.ts";
import { requestContext } from "./api/request_context.ts";
import { resourceRequests } from "./api/resources.ts";
import { versionRoutes } from "./api/version.ts";
import { authenticate, authorize, type Tokens } from "./auth/mod.ts";

/** What the HTTP API is made of. */
export interface AppOptions extends ApiPorts {
  /** Tell whose token a request carries. */
  readonly tokens: Tokens;
  /** What `/livez` and `/readyz` ask. */
  readonly health: HealthChecks;
}

/** The HTTP API. A request passes: context, authentication, authorization, and then discovery, health or the documents. */
export function createApp(options: AppOptions): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>({ strict: false });
  app.onError(answerErrors(options));
  app.notFound(answerNotFound);

  app.use(requestContext(options));
  app.use(authenticate(options));
  app.use(authorize(options));

  app.route("/", healthRoutes(options.health));
  app.route("/", versionRoutes());
  app.route("/", discoveryRoutes(options));
  app.route("/", openApiRoutes(options));
  const documents = resourceRequests(options);
  app.all("/api/*", documents);
  app.all("/apis/*", documents);
  return app;
}
