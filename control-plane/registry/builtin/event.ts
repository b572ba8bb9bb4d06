import { InvalidField, type KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "../resource.ts";
import { builtIn, described, int32, nameColumn, object, text, time } from "./define.ts";

const reference = object({
  kind: text,
  namespace: text,
  name: text,
  uid: text,
  apiVersion: text,
  resourceVersion: text,
  fieldPath: text,
});
const microTime = { ...text, format: "date-time" };

/** Event: something that happened to a document. */
export function events(): Resource {
  return builtIn({
    group: "",
    version: "v1",
    kind: "Event",
    plural: "events",
    shortNames: ["ev"],
    namespaced: true,
    description: "Event is a report of an event somewhere in the cluster.",
    properties: {
      involvedObject: described(reference, "The document that the event is about."),
      reason: described(text, "CamelCase, for programs: why the state is what it is."),
      message: described(text, "A sentence, for people."),
      source: object({ component: text, host: text }),
      firstTimestamp: { ...time, nullable: true },
      lastTimestamp: { ...time, nullable: true },
      count: described(int32, "How often it happened."),
      type: described(text, "Normal or Warning."),
      eventTime: { ...microTime, nullable: true },
      series: object({ count: int32, lastObservedTime: microTime }),
      action: text,
      related: reference,
      reportingComponent: text,
      reportingInstance: text,
    },
    columns: [
      { name: "Last Seen", type: "date", cell: lastSeen },
      { name: "Type", type: "string", cell: (document) => document["type"] ?? null },
      { name: "Reason", type: "string", cell: (document) => document["reason"] ?? null },
      { name: "Object", type: "string", cell: involved },
      {
        name: "Source",
        type: "string",
        priority: 1,
        cell: (document) => document["source"]?.component || document["reportingComponent"] || null,
      },
      { name: "Message", type: "string", cell: (document) => document["message"]?.trim() ?? null },
      {
        name: "Count",
        type: "integer",
        priority: 1,
        cell: (document) => document["series"]?.count ?? document["count"] ?? 1,
      },
      { ...nameColumn, priority: 1 },
    ],
    fields: {
      ...Object.fromEntries(
        ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map((field) => [
          `involvedObject.${field}`,
          (document: KubeObject) => document["involvedObject"]?.[field] ?? "",
        ]),
      ),
      reason: (document) => document["reason"] ?? "",
      reportingComponent: (document) => document["reportingComponent"] ?? "",
      source: (document) => document["source"]?.component || document["reportingComponent"] || "",
      type: (document) => document["type"] ?? "",
    },
    strategy: { allowUnconditionalUpdate: true, validate: eventProblems },
  });
}

function lastSeen(document: KubeObject): string | null {
  return document["series"]?.lastObservedTime ?? document["lastTimestamp"] ?? document["eventTime"] ??
    document["firstTimestamp"] ?? document.metadata.creationTimestamp ?? null;
}

function involved(document: KubeObject): string {
  const { kind = "", name = "" } = document["involvedObject"] ?? {};
  return kind === "" ? name : `${kind.toLowerCase()}/${name}`;
}

function eventProblems(document: KubeObject): InvalidField[] {
  const namespace = document["involvedObject"]?.namespace || "default";
  if (namespace === document.metadata.namespace) return [];
  return [
    new InvalidField(
      "involvedObject.namespace",
      document["involvedObject"]?.namespace ?? "",
      "does not match event.namespace",
    ),
  ];
}
