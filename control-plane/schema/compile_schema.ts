import type { Json, JsonObject, KubeObject } from "@servicelet/shared/krm";
import type { DocumentSchema } from "../registry/resource.ts";
import { compileDefaults, compileNullDropping } from "./defaults.ts";
import { noFindings } from "./findings.ts";
import { compilePruning } from "./pruning.ts";
import { readSchema } from "./schema_node.ts";
import { compileValidation } from "./validation.ts";

/** Compiles the schema of a kind once; documents then pass closures that know their node, and no schema is walked. The schema must
 * be structural (`checkStructural`). `apiVersion`, `kind` and `metadata` are neither pruned nor defaulted.
 *
 * @throws {SyntaxError} where a pattern is no regular expression
 */
export function compileSchema(openAPIV3Schema: JsonObject): DocumentSchema {
  const root = readSchema(openAPIV3Schema);
  const dropNulls = compileNullDropping(root, true);
  const fillIn = compileDefaults(root, true);
  const prune = compilePruning(root);
  const check = compileValidation(root);
  return {
    openapi: openAPIV3Schema,
    applyDefaults(document) {
      dropNulls(jsonOf(document));
      fillIn?.(jsonOf(document));
    },
    prune: (document) => prune(jsonOf(document)),
    validate(document) {
      const findings = noFindings();
      check?.(jsonOf(document), findings);
      return findings.problems;
    },
  };
}

/** The same as {@link compileSchema}, compiled when the first document is written: most kinds are not written to soon after a start, which
 * need not wait for them. A pattern that is no regular expression is told of at that time. */
export function compileSchemaOnDemand(openapi: JsonObject): DocumentSchema {
  let compiled: DocumentSchema | undefined;
  const schema = () => compiled ??= compileSchema(openapi);
  return {
    openapi,
    applyDefaults: (document) => schema().applyDefaults(document),
    prune: (document) => schema().prune(document),
    validate: (document) => schema().validate(document),
  };
}

/** A document is JSON; its typed metadata hides that. */
function jsonOf(document: KubeObject): Json {
  return document as Json;
}
