/** Schemas of kinds: what CustomResourceDefinitions say, compiled into closures over documents.
 *
 * @module
 */
export { compileSchema } from "./compile_schema.ts";
export { checkStructural } from "./structural.ts";
export { resourcesOfDefinition } from "./definition_resources.ts";
export { definitionSchemaProblems } from "./definition_schemas.ts";
