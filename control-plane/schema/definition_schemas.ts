import { InvalidField, isJsonObject, type Json, type KubeObject } from "@servicelet/shared/krm";
import { checkPrinterColumns } from "./printer_columns.ts";
import { checkSelectableFields } from "./selectable_fields.ts";
import { checkStructural } from "./structural.ts";

/** Keywords that the root of a schema may have where `status` is a subresource. */
const ROOT_KEYWORDS: ReadonlySet<string> = new Set([
  "type",
  "description",
  "properties",
  "required",
  "title",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
  // Both say nothing at the root of a document, and generators write them.
  "nullable",
  "x-kubernetes-embedded-resource",
]);

/** What the versions of a CustomResourceDefinition break in their schemas, columns and selectable fields. */
export function definitionSchemaProblems(definition: KubeObject): InvalidField[] {
  const versions: Json = definition["spec"]?.versions;
  if (!Array.isArray(versions)) return [];
  return versions.flatMap((version, i) => {
    if (!isJsonObject(version)) return [];
    const path = `spec.versions[${i}]`;
    const { schema, subresources, additionalPrinterColumns, selectableFields } = version;
    const columns = checkPrinterColumns(additionalPrinterColumns, `${path}.additionalPrinterColumns`);
    const openapi = isJsonObject(schema) ? schema["openAPIV3Schema"] : undefined;
    // That a schema must be there is a rule of the definition.
    if (openapi === undefined) return columns;
    const at = `${path}.schema.openAPIV3Schema`;
    return [
      ...checkStructural(openapi, at),
      ...(isJsonObject(subresources) && subresources["status"] !== undefined
        ? rootProblems(openapi, at)
        : []),
      ...columns,
      ...checkSelectableFields(selectableFields, openapi, `${path}.selectableFields`),
    ];
  });
}

function rootProblems(schema: Json, path: string): InvalidField[] {
  const foreign = isJsonObject(schema)
    ? Object.keys(schema).filter((keyword) => !ROOT_KEYWORDS.has(keyword))
    : [];
  if (foreign.length === 0) return [];
  const why =
    `only [${
      [...ROOT_KEYWORDS].slice(0, 7).join(" ")
    }] fields are allowed at the root of the schema if the ` +
    "status subresource is enabled";
  return [new InvalidField(path, foreign, why)];
}
