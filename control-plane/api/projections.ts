import type { JsonObject, KubeList, KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "../registry/resource.ts";
import { stringify } from "yaml";
import type { Representation } from "./negotiate.ts";
import type { Projection } from "./projection.ts";

/** stub until table.ts is there */
export function projectionOf(_r: Resource, rep: Representation, _q: URLSearchParams): Projection | undefined {
  if (rep.format === "json" && rep.projection === "object") return undefined;
  return {
    contentType: "application/yaml",
    list: (items: readonly KubeObject[], metadata: KubeList["metadata"]) => stringify({ metadata, items }),
    watch: () => (document) => document as unknown as JsonObject,
  };
}
