import type { KubeObject } from "@servicelet/shared/krm";

/** How to read the fields of a resource's documents, by path. */
export type FieldReaders = Readonly<Record<string, (document: KubeObject) => string>>;

/** The field by which documents of every kind are found: the runtime that they are assigned to. */
export const ASSIGNMENT_FIELD = "spec.serviceRuntimeName";

/** Fields that documents of every kind have. `metadata.name` and `metadata.namespace` stand in the key. */
const COMMON: FieldReaders = {
  [ASSIGNMENT_FIELD]: ({ spec }) =>
    typeof spec?.serviceRuntimeName === "string" ? spec.serviceRuntimeName : "",
};

/** Reads the indexed fields of one resource. The resource's definition may change meanwhile, and with it the fields. */
export class FieldIndex {
  readonly #fields: () => FieldReaders | undefined;

  /** @param fields the resource's own fields as they are now */
  constructor(fields: () => FieldReaders | undefined) {
    this.#fields = fields;
  }

  /** True where the field at a path can be read. */
  knows(path: string): boolean {
    const fields = this.#fields();
    return (fields !== undefined && Object.hasOwn(fields, path)) || Object.hasOwn(COMMON, path);
  }

  /** Every known field of a document. */
  read(document: KubeObject): Record<string, string> {
    const values: Record<string, string> = {};
    for (const readers of [COMMON, this.#fields() ?? {}]) {
      for (const path in readers) values[path] = readField(readers[path], document);
    }
    return values;
  }
}

/** A document that does not have the shape which a reader expects has the empty text there, as if the field were absent. */
function readField(read: ((document: KubeObject) => string) | undefined, document: KubeObject): string {
  try {
    return read?.(document) ?? "";
  } catch {
    return "";
  }
}
