import { StatusError } from "@servicelet/shared/krm";

/** How an answer is to be written. */
export interface Representation {
  readonly format: "json" | "yaml";
  /** `table` is what kubectl prints, `metadata` leaves spec and status out. */
  readonly projection: "object" | "table" | "metadata";
  /** Version of meta.k8s.io asked for with a projection. */
  readonly metaVersion: "v1" | "v1beta1";
}

const JSON_OBJECT: Representation = { format: "json", projection: "object", metaVersion: "v1" };

const PROJECTIONS: Readonly<Record<string, Representation["projection"]>> = {
  Table: "table",
  PartialObjectMetadata: "metadata",
  PartialObjectMetadataList: "metadata",
};

/** Chooses a representation by the header `Accept`: the first clause that we can serve wins.
 *
 * @throws {StatusError} `NotAcceptable`
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/negotiation/negotiate.go
 */
export function negotiate(accept: string | null | undefined): Representation {
  if (!accept || accept === "*/*" || accept === "application/json") return JSON_OBJECT;
  for (const clause of accept.split(",")) {
    const representation = representationOf(clause);
    if (representation) return representation;
  }
  throw new StatusError(
    "NotAcceptable",
    "only the following media types are accepted: application/json, application/yaml, " +
      `application/json;as=Table;g=meta.k8s.io;v=v1, application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1: the header Accept was ${
        JSON.stringify(accept)
      }`,
  );
}

function representationOf(clause: string): Representation | undefined {
  const [type = "", ...rest] = clause.split(";").map((part) => part.trim());
  const format = formatOf(type.toLowerCase());
  if (!format) return undefined;
  const parameters = new Map(rest.map((part) => {
    const [name = "", value = ""] = part.split("=");
    return [name.trim(), value.trim()];
  }));
  const as = parameters.get("as");
  if (as === undefined) return { ...JSON_OBJECT, format };
  const projection = PROJECTIONS[as];
  const metaVersion = parameters.get("v");
  if (!projection || parameters.get("g") !== "meta.k8s.io") return undefined;
  if (metaVersion !== "v1" && metaVersion !== "v1beta1") return undefined;
  return { format, projection, metaVersion };
}

function formatOf(type: string): "json" | "yaml" | undefined {
  if (type === "application/json" || type === "*/*" || type === "application/*") return "json";
  if (type === "application/yaml" || type === "application/x-yaml" || type === "text/yaml") return "yaml";
  return undefined;
}
