import { InvalidField, type KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "../resource.ts";
import { base64Problems, dataKeyProblems, immutableProblems, sizeProblems } from "./data_rules.ts";
import { ageColumn, builtIn, described, nameColumn, text, texts } from "./define.ts";

/** ConfigMap: configuration as texts and bytes. */
export function configMaps(): Resource {
  return builtIn({
    group: "",
    version: "v1",
    kind: "ConfigMap",
    plural: "configmaps",
    shortNames: ["cm"],
    namespaced: true,
    description: "ConfigMap holds configuration data for others to consume.",
    properties: {
      data: described(texts, "Texts by key. A key is either here or in binaryData."),
      binaryData: described(
        { type: "object", additionalProperties: { ...text, format: "byte" } },
        "Bytes in base64 by key.",
      ),
      immutable: { type: "boolean", description: "True forbids every change of the data, for good." },
    },
    columns: [nameColumn, { name: "Data", type: "string", cell: dataCount }, ageColumn],
    strategy: { allowUnconditionalUpdate: true, validate: configMapProblems },
  });
}

function dataCount(document: KubeObject): string {
  return String(Object.keys({ ...document["data"], ...document["binaryData"] }).length);
}

function configMapProblems(document: KubeObject, old?: KubeObject): InvalidField[] {
  const { data, binaryData } = document;
  const twice = Object.keys(data ?? {}).filter((key) => Object.hasOwn(binaryData ?? {}, key));
  return [
    ...twice.map((key) => new InvalidField(`data[${key}]`, key, "duplicate of key present in binaryData")),
    ...dataKeyProblems(data, "data"),
    ...dataKeyProblems(binaryData, "binaryData"),
    ...base64Problems(binaryData, "binaryData"),
    ...sizeProblems(document, "data", "binaryData"),
    ...(old ? immutableProblems(document, old, ["data", "binaryData"]) : []),
  ];
}
