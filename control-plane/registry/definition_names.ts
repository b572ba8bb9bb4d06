import type { KubeObject } from "@servicelet/shared/krm";

/** Which name of a definition another definition of its group has, in a sentence; undefined where all are free. */
export function takenName(definition: KubeObject, others: Iterable<KubeObject>): string | undefined {
  const { group, names } = definition["spec"] ?? {};
  if (!names) return undefined;
  for (const other of others) {
    if (other.metadata.name === definition.metadata.name || other["spec"].group !== group) continue;
    const accepted = other["status"]?.acceptedNames ?? {};
    const paths = new Set<string>([accepted.plural, accepted.singular, ...accepted.shortNames ?? []]);
    // Called before types are checked: the schema tells of a list that is none.
    const shortNames = Array.isArray(names.shortNames) ? names.shortNames : [];
    const wanted: string[] = [names.plural, names.singular, ...shortNames];
    const path = wanted.find((name) => name && paths.has(name));
    if (path) return `${JSON.stringify(path)} is already in use by ${other.metadata.name}`;
    const kind = [names.kind, names.listKind].find((name) =>
      name && (name === accepted.kind || name === accepted.listKind)
    );
    if (kind) return `${JSON.stringify(kind)} is already in use by ${other.metadata.name}`;
  }
  return undefined;
}
