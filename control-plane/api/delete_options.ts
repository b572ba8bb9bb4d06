import { invalid, InvalidField, isJsonObject, type Json, type JsonObject } from "@servicelet/shared/krm";
import type { DeleteOptions } from "../registry/documents.ts";
import { badRequest } from "../registry/failures.ts";
import { readBody } from "./body.ts";
import type { ApiContext } from "./environment.ts";
import { isDryRun } from "./write_options.ts";

const POLICIES = ["Background", "Foreground", "Orphan"] as const;

/** Options of a deletion: from the body where there is one, else from the query.
 *
 * @throws {StatusError} `BadRequest` for wrong types, `Invalid` for values that do not exist
 */
export async function deleteOptions(c: ApiContext): Promise<DeleteOptions> {
  const body = c.req.raw.body === null ? undefined : await readBody(c.req.raw);
  const given = body === undefined || body === null ? fromQuery(c) : body;
  if (!isJsonObject(given)) throw badRequest("the body of a deletion must be a DeleteOptions object");
  if (given["kind"] !== undefined && given["kind"] !== "DeleteOptions") {
    throw badRequest(
      `the body of a deletion must be of kind DeleteOptions: it was ${JSON.stringify(given["kind"])}`,
    );
  }
  return readOptions(given);
}

function fromQuery(c: ApiContext): JsonObject {
  const seconds = c.req.query("gracePeriodSeconds");
  const policy = c.req.query("propagationPolicy");
  const orphan = c.req.query("orphanDependents");
  return {
    ...(seconds === undefined ? {} : { gracePeriodSeconds: Number(seconds) }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(orphan === undefined ? {} : { orphanDependents: orphan === "true" }),
    dryRun: c.req.queries("dryRun") ?? [],
  };
}

function readOptions(given: JsonObject): DeleteOptions {
  const { gracePeriodSeconds: seconds, orphanDependents, dryRun } = given;
  const policy = given["propagationPolicy"] ??
    (typeof orphanDependents === "boolean" ? (orphanDependents ? "Orphan" : "Background") : undefined);
  const propagationPolicy = POLICIES.find((known) => known === policy);
  if (policy !== undefined && policy !== null && !propagationPolicy) {
    throw invalidOption(
      "propagationPolicy",
      policy,
      'supported values: "Background", "Foreground", "Orphan"',
    );
  }
  if (seconds !== undefined && seconds !== null && !(Number.isSafeInteger(seconds) && Number(seconds) >= 0)) {
    throw invalidOption("gracePeriodSeconds", seconds, "must be a whole number of seconds, 0 or more");
  }
  const preconditions = isJsonObject(given["preconditions"]) ? given["preconditions"] : {};
  const { uid, resourceVersion } = preconditions;
  return {
    preconditions: {
      ...(typeof uid === "string" ? { uid } : {}),
      ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
    },
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(typeof seconds === "number" ? { gracePeriodSeconds: seconds } : {}),
    dryRun: isDryRun(Array.isArray(dryRun) ? dryRun.map(String) : [], "DeleteOptions"),
  };
}

function invalidOption(field: string, value: Json, why: string): Error {
  return invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [new InvalidField(field, value, why)]);
}
