/** CustomResourceDefinitions of our own kinds. Needs zod: programs take them from `definitions.gen.ts`, which is made from these.
 *
 * @module
 */
import type { JsonObject, KubeObject } from "../krm/mod.ts";
import type { ColumnDefinition, KindDefinition } from "./definition.ts";
import { javaApplication } from "./java_application.ts";
import { processApplication } from "./process_application.ts";
import { serviceRuntime } from "./service_runtime.ts";
import { structuralSchema } from "./structural_schema.ts";

const OWN_KINDS: readonly KindDefinition[] = [serviceRuntime, processApplication, javaApplication];

/** The CustomResourceDefinitions of our kinds, `apiextensions.k8s.io/v1`, made afresh: the caller may change them. */
export function ownDefinitions(): KubeObject[] {
  return OWN_KINDS.map(definitionOf);
}

function definitionOf(kind: KindDefinition): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.plural}.${kind.group}` },
    spec: {
      group: kind.group,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.singular,
        shortNames: [...kind.shortNames],
        categories: ["servicelet"],
      },
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      // As it is stored: what is there already is then seen to be the same.
      conversion: { strategy: "None" },
      versions: [{
        name: kind.version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: documentSchema(kind) },
        subresources: { status: {} },
        additionalPrinterColumns: kind.columns.map(columnOf),
        ...(kind.selectableFields
          ? { selectableFields: kind.selectableFields.map((jsonPath) => ({ jsonPath })) }
          : {}),
      }],
    },
  };
}

function documentSchema({ description, spec, specOptional, status }: KindDefinition): JsonObject {
  return {
    type: "object",
    description,
    ...(specOptional ? {} : { required: ["spec"] }),
    properties: {
      apiVersion: { type: "string", description: "Group and version of this document's kind." },
      kind: { type: "string", description: "Kind of this document." },
      // Kubernetes has metadata's own schema; a definition may only narrow its name.
      metadata: { type: "object" },
      spec: {
        description: "What is wanted.",
        ...structuralSchema(spec),
        // Thus whoever reads finds a spec in every document.
        ...(specOptional ? { default: {} } : {}),
      },
      status: {
        description: "What is so, as the servicelet and the control plane report it.",
        ...structuralSchema(status),
      },
    },
  };
}

function columnOf({ name, type, jsonPath, priority }: ColumnDefinition): JsonObject {
  return { name, type, jsonPath, ...(priority ? { priority } : {}) };
}
