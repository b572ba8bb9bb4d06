import {
  InvalidField,
  type ObjectMeta,
  type OwnerReference,
  validateLabels,
  validateName,
  validateQualifiedName,
} from "@servicelet/shared/krm";
import type { Resource } from "./resource.ts";

const MAX_ANNOTATIONS = 256 * 1024;

/** What the metadata of a document breaks of the rules that hold for every kind.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/master/pkg/api/validation/objectmeta.go
 */
export function metadataProblems(metadata: ObjectMeta, resource: Resource): InvalidField[] {
  const problems = validateName(metadata.name, resource.strategy.names ?? "subdomain");
  if (metadata.labels) problems.push(...validateLabels(metadata.labels));
  if (metadata.annotations) problems.push(...annotationProblems(metadata.annotations));
  if (metadata.finalizers) problems.push(...finalizerProblems(metadata.finalizers));
  if (metadata.ownerReferences) problems.push(...ownerProblems(metadata.ownerReferences));
  return problems;
}

/** What an update of metadata breaks; server-owned fields have been carried over already. */
export function metadataUpdateProblems(metadata: ObjectMeta, old: ObjectMeta): InvalidField[] {
  const problems: InvalidField[] = [];
  for (const field of ["name", "namespace", "uid"] as const) {
    if (metadata[field] !== old[field]) {
      problems.push(new InvalidField(`metadata.${field}`, metadata[field] ?? "", "field is immutable"));
    }
  }
  if (old.deletionTimestamp !== undefined) {
    const added = (metadata.finalizers ?? []).filter((finalizer) => !old.finalizers?.includes(finalizer));
    if (added.length > 0) {
      problems.push(
        new InvalidField(
          "metadata.finalizers",
          metadata.finalizers,
          `no new finalizers can be added if the object is being deleted, found new finalizers ${
            JSON.stringify(added)
          }`,
          "FieldValueForbidden",
        ),
      );
    }
  } else if (metadata.deletionTimestamp !== undefined) {
    problems.push(
      new InvalidField(
        "metadata.deletionTimestamp",
        metadata.deletionTimestamp,
        "field is immutable; may only be changed via deletion",
      ),
    );
  }
  return problems;
}

/** Why finalizers are unwise that are allowed. */
export function metadataWarnings(finalizers: readonly string[]): string[] {
  return finalizers.filter((finalizer) => !finalizer.includes("/") && !STANDARD.has(finalizer))
    .map((finalizer) =>
      `metadata.finalizers: ${
        JSON.stringify(finalizer)
      }: prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers`
    );
}

const STANDARD: ReadonlySet<string> = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

function annotationProblems(annotations: Record<string, string>): InvalidField[] {
  const problems: InvalidField[] = [];
  let size = 0;
  for (const key in annotations) {
    size += key.length + (annotations[key] ?? "").length;
    problems.push(...validateQualifiedName(key.toLowerCase(), "metadata.annotations"));
  }
  if (size > MAX_ANNOTATIONS) {
    problems.push(
      new InvalidField(
        "metadata.annotations",
        size,
        `may not be more than ${MAX_ANNOTATIONS} bytes`,
        "FieldValueTooLong",
      ),
    );
  }
  return problems;
}

function finalizerProblems(finalizers: readonly string[]): InvalidField[] {
  const problems = finalizers.flatMap((finalizer) => validateQualifiedName(finalizer, "metadata.finalizers"));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    const why = "finalizers orphan and foregroundDeletion cannot both be set";
    problems.push(new InvalidField("metadata.finalizers", finalizers, why));
  }
  return problems;
}

function ownerProblems(owners: readonly OwnerReference[]): InvalidField[] {
  const problems: InvalidField[] = [];
  owners.forEach((owner, index) => {
    for (const field of ["apiVersion", "kind", "name", "uid"] as const) {
      if (owner[field] !== "") continue;
      const path = `metadata.ownerReferences[${index}].${field}`;
      problems.push(new InvalidField(path, "", "must not be empty"));
    }
  });
  const controllers = owners.filter((owner) => owner.controller);
  if (controllers.length > 1) {
    const why = `Only one reference can have Controller set to true. Found ${
      controllers.map(({ kind, name }) => `"${kind}/${name}"`).join(" and ")
    }`;
    problems.push(new InvalidField("metadata.ownerReferences", controllers, why));
  }
  return problems;
}
