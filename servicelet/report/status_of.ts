import { type Condition, type KubeObject, setCondition } from "@servicelet/shared/krm";
import type { ProcessSpec, ProcessStatus } from "@servicelet/shared/kinds";
import type { Capability } from "../state/mod.ts";

/** The status that a document should have: what is observed here, and what others wrote of it, such as the scheduler's condition.
 *
 * @param now milliseconds since 1970 @param address under which others reach this machine
 */
export function statusOf(
  { record, known, running, findings }: Capability,
  { now, address }: { readonly now: number; readonly address: string },
): ProcessStatus {
  const before: ProcessStatus = known.status ?? {};
  const { desired, history, ended } = record;
  const generation = desired.metadata.generation;
  // Of what runs: an update that cannot be prepared leaves this behind.
  const runningGeneration = generationOf(record.preparedFor) ?? generation;
  const conditions: Condition[] = (before.conditions ?? []).map((condition) => ({ ...condition }));
  const unprepared = !running && findings.prepared?.status === "False" ? findings.prepared : undefined;
  const rows = [
    ["Prepared", findings.prepared, generation],
    ["Started", findings.started, runningGeneration],
    // Where nothing runs since nothing could be prepared, the summary, which is what people look at, says why.
    ["Ready", unprepared ?? findings.ready, unprepared ? generation : runningGeneration],
  ] as const;
  for (const [type, finding, observed] of rows) {
    if (!finding) continue;
    const condition = {
      type,
      ...finding,
      ...(observed === undefined ? {} : { observedGeneration: observed }),
    };
    setCondition(conditions, condition, now);
  }
  const lastExit = ended ? lastExitOf(ended.exit) : before.process?.lastExit;
  return {
    ...before,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions,
    process: {
      ...(running ? { pid: running.pid, startedAt: running.startedAt } : {}),
      restarts: history.restarts,
      ...(lastExit ? { lastExit } : {}),
    },
    endpoints: running ? endpointsOf(desired, address) : [],
  };
}

/** The merge patch that turns `before` into `after`; undefined where they say the same. */
export function mergePatchBetween(before: unknown, after: unknown): Record<string, unknown> | undefined {
  const old = isObject(before) ? before : {};
  const wanted = isObject(after) ? after : {};
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(old)) {
    if (wanted[key] === undefined) patch[key] = null;
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    if (isObject(value)) {
      const inner = mergePatchBetween(old[key], value);
      if (inner) patch[key] = inner;
    } else if (JSON.stringify(value) !== JSON.stringify(old[key])) {
      patch[key] = value;
    }
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function endpointsOf({ spec }: KubeObject, address: string): { name: string; address: string }[] {
  const { ports = [] }: ProcessSpec = spec;
  return ports.map(({ name, port }) => ({ name, address: `${address}:${port}` }));
}

function lastExitOf({ code, signal, reason, finishedAt }: {
  readonly code?: number;
  readonly signal?: string;
  readonly reason: string;
  readonly finishedAt: string;
}) {
  return {
    ...(code === undefined ? {} : { code }),
    ...(signal === undefined ? {} : { signal }),
    reason,
    finishedAt,
  };
}

function generationOf(version: string | undefined): number | undefined {
  const generation = Number(version?.slice(version.lastIndexOf("/") + 1));
  return Number.isInteger(generation) ? generation : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
