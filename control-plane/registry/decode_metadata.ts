import type { Json, ObjectMeta, OwnerReference } from "@servicelet/shared/krm";
import { badRequest } from "./failures.ts";

/** Metadata read from a client's document. */
export interface DecodedMetadata {
  /** Known fields in the order in which they are written. */
  readonly metadata: ObjectMeta;
  /** Paths of fields that no document has. */
  readonly unknown: readonly string[];
}

const STRINGS = ["name", "generateName", "namespace", "uid", "resourceVersion"] as const;
const TIMES = ["creationTimestamp", "deletionTimestamp"] as const;
const MAPS = ["labels", "annotations"] as const;
const KNOWN: ReadonlySet<string> = new Set([
  ...STRINGS,
  ...TIMES,
  ...MAPS,
  "generation",
  "deletionGracePeriodSeconds",
  "ownerReferences",
  "finalizers",
  "managedFields",
  "selfLink",
]);
const OWNER_FIELDS: ReadonlySet<string> = new Set([
  "apiVersion",
  "kind",
  "name",
  "uid",
  "controller",
  "blockOwnerDeletion",
]);

/** Reads `metadata`: null is as good as absent, empty maps and lists are left out.
 *
 * @throws {StatusError} `BadRequest` naming the field of the wrong type
 */
export function decodeMetadata(value: Json | undefined): DecodedMetadata {
  if (value === undefined || value === null) return { metadata: { name: "" }, unknown: [] };
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType("metadata", "an object", value);
  const unknown = Object.keys(value).filter((key) => !KNOWN.has(key)).map((key) => `metadata.${key}`);
  const metadata: ObjectMeta = { name: text(value, "name") ?? "" };
  for (const field of STRINGS.slice(1)) set(metadata, field, text(value, field));
  set(metadata, "generation", integer(value, "generation"));
  for (const field of TIMES) set(metadata, field, text(value, field));
  set(metadata, "deletionGracePeriodSeconds", integer(value, "deletionGracePeriodSeconds"));
  for (const field of MAPS) set(metadata, field, textMap(value[field], `metadata.${field}`));
  set(metadata, "ownerReferences", ownerReferences(value["ownerReferences"], unknown));
  set(metadata, "finalizers", finalizers(value["finalizers"]));
  return { metadata, unknown };
}

function set<K extends keyof ObjectMeta>(
  metadata: ObjectMeta,
  key: K,
  value: ObjectMeta[K] | undefined,
): void {
  if (value !== undefined && value !== "") metadata[key] = value;
}

function text(parent: { [key: string]: Json }, field: string): string | undefined {
  const value = parent[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrongType(`metadata.${field}`, "a string", value);
  return value;
}

function integer(parent: { [key: string]: Json }, field: string): number | undefined {
  const value = parent[field];
  if (value === undefined || value === null) return undefined;
  if (!Number.isSafeInteger(value)) throw wrongType(`metadata.${field}`, "an integer", value);
  return value as number;
}

function textMap(value: Json | undefined, path: string): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) {
    throw wrongType(path, "an object with strings as values", value);
  }
  let count = 0;
  for (const key in value) {
    count++;
    const entry = value[key] ?? null;
    if (entry === null) value[key] = "";
    else if (typeof entry !== "string") throw wrongType(`${path}.${key}`, "a string", entry);
  }
  return count === 0 ? undefined : value as Record<string, string>;
}

function finalizers(value: Json | undefined): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType("metadata.finalizers", "a list of strings", value);
  value.forEach((item, index) => {
    if (typeof item !== "string") throw wrongType(`metadata.finalizers[${index}]`, "a string", item);
  });
  return value.length === 0 ? undefined : [...new Set(value as string[])];
}

function ownerReferences(value: Json | undefined, unknown: string[]): OwnerReference[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType("metadata.ownerReferences", "a list of objects", value);
  const owners = value.map((item, index) => {
    const path = `metadata.ownerReferences[${index}]`;
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      throw wrongType(path, "an object", item);
    }
    unknown.push(...Object.keys(item).filter((key) => !OWNER_FIELDS.has(key)).map((key) => `${path}.${key}`));
    return ownerReference(item, path);
  });
  return owners.length === 0 ? undefined : owners;
}

function ownerReference(item: { [key: string]: Json }, path: string): OwnerReference {
  const owner: OwnerReference = { apiVersion: "", kind: "", name: "", uid: "" };
  for (const field of ["apiVersion", "kind", "name", "uid"] as const) {
    const value = item[field] ?? "";
    if (typeof value !== "string") throw wrongType(`${path}.${field}`, "a string", value);
    owner[field] = value;
  }
  for (const field of ["controller", "blockOwnerDeletion"] as const) {
    const value = item[field] ?? undefined;
    if (value === undefined) continue;
    if (typeof value !== "boolean") throw wrongType(`${path}.${field}`, "true or false", value);
    owner[field] = value;
  }
  return owner;
}

function wrongType(path: string, wanted: string, value: Json): Error {
  return badRequest(`${path} must be ${wanted}: it was ${JSON.stringify(value)}`);
}
