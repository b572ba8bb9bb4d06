import { invalid, InvalidField } from "@servicelet/shared/krm";
import type { WriteOptions } from "../registry/documents.ts";
import type { ApiContext } from "./environment.ts";

/** Options of a write, and the warnings that it gave. */
export interface RequestedWrite {
  readonly options: WriteOptions;
  readonly warnings: readonly string[];
}

const VALIDATIONS = ["Strict", "Warn", "Ignore"] as const;

/** Reads the options of a create, update or patch from the query.
 *
 * @param kind of the options, for the message of a failure
 * @throws {StatusError} `Invalid`
 */
export function requestedWrite(
  c: ApiContext,
  kind: string,
  subresource?: "status" | "finalize",
): RequestedWrite {
  const warnings: string[] = [];
  const options: WriteOptions = {
    warn: (text) => void warnings.push(text),
    ...(subresource === undefined ? {} : { subresource }),
  };
  if (!c.req.url.includes("?")) return { options, warnings };
  return { options: { ...options, ...queried(c, kind) }, warnings };
}

/** True where `dryRun=All` asks for everything but the write.
 *
 * @throws {StatusError} `Invalid` for any other value
 */
export function isDryRun(values: readonly string[], kind: string): boolean {
  const wrong = values.find((value) => value !== "All");
  if (wrong !== undefined) {
    throw invalid({ group: "meta.k8s.io", kind }, "", [
      new InvalidField("dryRun", wrong, 'supported values: "All"', "FieldValueNotSupported"),
    ]);
  }
  return values.length > 0;
}

function queried(c: ApiContext, kind: string): WriteOptions {
  const given = c.req.query("fieldValidation");
  const fieldValidation = VALIDATIONS.find((value) => value === given);
  if (given && !fieldValidation) {
    throw invalid({ group: "meta.k8s.io", kind }, "", [
      new InvalidField(
        "fieldValidation",
        given,
        'supported values: "Ignore", "Strict", "Warn"',
        "FieldValueNotSupported",
      ),
    ]);
  }
  return {
    dryRun: isDryRun(c.req.queries("dryRun") ?? [], kind),
    ...(fieldValidation ? { fieldValidation } : {}),
  };
}
