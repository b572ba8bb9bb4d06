import { InvalidField, type KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "../resource.ts";
import { base64Problems, dataKeyProblems, immutableProblems, sizeProblems } from "./data_rules.ts";
import { ageColumn, builtIn, described, nameColumn, text, texts } from "./define.ts";

/** Keys that the data of well-known types must have; with several, one is enough. */
const REQUIRED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "kubernetes.io/tls": [["tls.crt"], ["tls.key"]],
  "kubernetes.io/dockerconfigjson": [[".dockerconfigjson"]],
  "kubernetes.io/dockercfg": [[".dockercfg"]],
  "kubernetes.io/ssh-auth": [["ssh-privatekey"]],
  "kubernetes.io/basic-auth": [["username", "password"]],
};

/** Secret: data that only those who need it may read. */
export function secrets(): Resource {
  return builtIn({
    group: "",
    version: "v1",
    kind: "Secret",
    plural: "secrets",
    namespaced: true,
    description: "Secret holds secret data of a certain type.",
    properties: {
      type: described(text, "What the data is for. Default: Opaque. Cannot be changed."),
      data: described(
        { type: "object", additionalProperties: { ...text, format: "byte" } },
        "Bytes in base64 by key.",
      ),
      stringData: described(
        texts,
        "Texts that are written into data, over what is there. Never read back.",
      ),
      immutable: { type: "boolean", description: "True forbids every change of the data, for good." },
    },
    columns: [
      nameColumn,
      { name: "Type", type: "string", cell: (document) => document["type"] ?? null },
      {
        name: "Data",
        type: "string",
        cell: (document) => String(Object.keys(document["data"] ?? {}).length),
      },
      ageColumn,
    ],
    fields: { type: (document) => document["type"] ?? "" },
    strategy: {
      allowUnconditionalUpdate: true,
      prepareCreate: completeSecret,
      prepareUpdate: (document, old) => completeSecret(document, old),
      validate: secretProblems,
    },
  });
}

const UTF8 = new TextEncoder();

function completeSecret(document: KubeObject, old?: KubeObject): void {
  document["type"] ||= old?.["type"] ?? "Opaque";
  const { stringData } = document;
  delete document["stringData"];
  if (!stringData || typeof stringData !== "object") return;
  const written = Object.entries(stringData).map((
    [key, value],
  ) => [key, UTF8.encode(String(value)).toBase64()]);
  document["data"] = { ...document["data"], ...Object.fromEntries(written) };
}

function secretProblems(document: KubeObject, old?: KubeObject): InvalidField[] {
  const { type, data } = document;
  const problems = [
    ...dataKeyProblems(data, "data"),
    ...base64Problems(data, "data"),
    ...sizeProblems(document, undefined, "data"),
    ...(old ? immutableProblems(document, old, ["data", "type"]) : []),
  ];
  if (old && type !== old["type"]) problems.push(new InvalidField("type", type, "field is immutable"));
  for (const keys of REQUIRED[type] ?? []) {
    if (keys.some((key) => data?.[key] !== undefined)) continue;
    const path = keys.map((key) => `data[${key}]`).join(" or ");
    problems.push(
      new InvalidField(path, undefined, `a Secret of type ${type} needs it`, "FieldValueRequired"),
    );
  }
  return problems;
}
