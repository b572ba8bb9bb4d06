import { InvalidField, isDnsLabel, isDnsSubdomain, type KubeObject } from "@servicelet/shared/krm";
import { definitionSchemaProblems } from "../schema/mod.ts";

/** What a CustomResourceDefinition breaks beside the schema of its own kind.
 *
 * @see https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apis/apiextensions/validation/validation.go
 */
export function definitionProblems(definition: KubeObject, old?: KubeObject): InvalidField[] {
  const { spec } = definition;
  // Wrong types have been told of by the schema.
  if (typeof spec?.names !== "object" || !Array.isArray(spec.versions)) return [];
  return [
    ...nameProblems(definition.metadata.name, spec),
    ...versionProblems(spec.versions),
    ...definitionSchemaProblems(definition),
    ...(old ? immutableProblems(spec, old["spec"]) : []),
    ...(spec.conversion?.strategy === "Webhook"
      ? [
        new InvalidField(
          "spec.conversion.strategy",
          "Webhook",
          "is not supported yet: use None",
          "FieldValueNotSupported",
        ),
      ]
      : []),
  ];
}

function nameProblems(name: string, { group, names }: KubeObject["spec"]): InvalidField[] {
  const problems: InvalidField[] = [];
  if (name !== `${names.plural}.${group}`) {
    problems.push(new InvalidField("metadata.name", name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (typeof group === "string" && (!isDnsSubdomain(group) || !group.includes("."))) {
    problems.push(new InvalidField("spec.group", group, "should be a domain with at least one dot"));
  }
  for (const field of ["plural", "singular"]) {
    if (names[field] === undefined || isDnsLabel(names[field])) continue;
    problems.push(
      new InvalidField(`spec.names.${field}`, names[field], "must be a DNS label such as widgets"),
    );
  }
  for (const field of ["kind", "listKind"]) {
    if (names[field] === undefined || isDnsLabel(String(names[field]).toLowerCase())) continue;
    problems.push(
      new InvalidField(
        `spec.names.${field}`,
        names[field],
        "may have mixed case, but should otherwise match a DNS label",
      ),
    );
  }
  if (names.listKind !== undefined && names.listKind === names.kind) {
    problems.push(
      new InvalidField("spec.names.listKind", names.listKind, "kind and listKind may not be the same"),
    );
  }
  return problems;
}

function versionProblems(versions: KubeObject["spec"][]): InvalidField[] {
  const problems: InvalidField[] = [];
  const seen = new Set<string>();
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}]`;
    if (seen.has(version.name)) {
      problems.push(new InvalidField(`${path}.name`, version.name, "", "FieldValueDuplicate"));
    }
    seen.add(version.name);
    if (!isDnsLabel(version.name ?? "")) {
      problems.push(new InvalidField(`${path}.name`, version.name, "must be a DNS label such as v1alpha1"));
    }
    if (version.schema?.openAPIV3Schema === undefined) {
      const why = "schemas are required";
      problems.push(new InvalidField(`${path}.schema.openAPIV3Schema`, undefined, why, "FieldValueRequired"));
    }
  });
  if (versions.filter((version) => version.storage).length !== 1) {
    problems.push(
      new InvalidField(
        "spec.versions",
        versions.map(({ name }) => name),
        "must have exactly one version marked as storage version",
      ),
    );
  }
  return problems;
}

function immutableProblems(spec: KubeObject["spec"], old: KubeObject["spec"]): InvalidField[] {
  return ["group", "scope", "names.plural", "names.kind"].flatMap((path) => {
    const [now, was] = [read(spec, path), read(old, path)];
    return now === was ? [] : [new InvalidField(`spec.${path}`, now, "field is immutable")];
  });
}

function read(spec: KubeObject["spec"], path: string): unknown {
  return path.split(".").reduce((value, key) => value?.[key], spec);
}
