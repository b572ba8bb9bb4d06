import { InvalidField, type KubeObject } from "@servicelet/shared/krm";
import type { Resource } from "../resource.ts";
import { ageColumn, builtIn, described, int32, nameColumn, object, text } from "./define.ts";

const microTime = { ...text, format: "date-time" };

/** Lease: who holds something, and until when. */
export function leases(): Resource {
  return builtIn({
    group: "coordination.k8s.io",
    version: "v1",
    kind: "Lease",
    plural: "leases",
    namespaced: true,
    description: "Lease defines a lease concept: its holder renews it, and loses it by not doing so.",
    properties: {
      spec: object({
        holderIdentity: described(text, "Who holds the lease."),
        leaseDurationSeconds: described(int32, "Seconds after renewTime until it may be taken."),
        acquireTime: described(microTime, "When the holder took it."),
        renewTime: described(microTime, "When the holder last renewed it."),
        leaseTransitions: described(int32, "How often the holder changed."),
        strategy: text,
        preferredHolder: text,
      }),
    },
    columns: [
      nameColumn,
      { name: "Holder", type: "string", cell: (document) => document["spec"]?.holderIdentity ?? null },
      ageColumn,
    ],
    strategy: { allowUnconditionalUpdate: true, validate: leaseProblems },
  });
}

function leaseProblems({ spec }: KubeObject): InvalidField[] {
  const problems: InvalidField[] = [];
  const seconds = spec?.leaseDurationSeconds;
  if (seconds !== undefined && seconds <= 0) {
    problems.push(new InvalidField("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
  }
  const transitions = spec?.leaseTransitions;
  if (transitions !== undefined && transitions < 0) {
    problems.push(
      new InvalidField("spec.leaseTransitions", transitions, "must be greater than or equal to 0"),
    );
  }
  return problems;
}
