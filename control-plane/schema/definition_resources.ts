import type { Json, JsonObject, KubeObject } from "@servicelet/shared/krm";
import { ALL_VERBS } from "../registry/builtin/define.ts";
import type { Resource } from "../registry/resource.ts";
import { compileSchemaOnDemand } from "./compile_schema.ts";
import { columnsOf } from "./printer_columns.ts";
import { selectableField } from "./selectable_fields.ts";

/** One version of a CustomResourceDefinition, as far as we read it; the definition was validated when it was written. */
interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema: { readonly openAPIV3Schema: JsonObject };
  readonly subresources?: { readonly status?: Json };
  readonly additionalPrinterColumns?: readonly JsonObject[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

/** The resources that a valid CustomResourceDefinition defines: one for each version served.
 *
 * @throws {InvalidField} where the definition is not valid
 */
export function resourcesOfDefinition(definition: KubeObject): Resource[] {
  const { group, names, scope, versions } = definition["spec"];
  const all: readonly DefinitionVersion[] = versions;
  const storageVersion = all.find(({ storage }) => storage)?.name ?? "";
  return all.filter(({ served }) => served).map((version) => ({
    group,
    version: version.name,
    plural: names.plural,
    singular: names.singular || names.kind.toLowerCase(),
    kind: names.kind,
    listKind: names.listKind || `${names.kind}List`,
    namespaced: scope === "Namespaced",
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    verbs: ALL_VERBS,
    subresources: version.subresources?.status ? ["status"] : [],
    columns: columnsOf(version.additionalPrinterColumns ?? []),
    schema: compileSchemaOnDemand(version.schema.openAPIV3Schema),
    strategy: { countsGenerations: true },
    fields: Object.fromEntries(
      (version.selectableFields ?? []).map(({ jsonPath }) => selectableField(jsonPath)),
    ),
    storageVersion,
    custom: true,
  }));
}
