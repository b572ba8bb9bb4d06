import type { Target } from "../connection.ts";
import { type Figure, millisecondsOf } from "../measure.ts";
import { COLLECTION, widget, withConnections } from "../subject.ts";

const ROUNDS = 3;

/** Documents created per second, durable, by 1, 8 and 64 writers; then status updates per second by 64. */
export async function* writes(target: Target): AsyncGenerator<Figure> {
  await createMany(target, "warm", 64, 4_000);
  const goals = new Map([[1, 1_100], [8, 4_000], [64, 6_500]]);
  for (const [writers, goal] of goals) {
    const count = writers === 1 ? 1_500 : 6_000;
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      samples.push(await createMany(target, `c${writers}-${round}`, writers, count));
    }
    yield {
      what: `creates of 2 KB, ${writers} writer${writers > 1 ? "s" : ""}`,
      unit: "/s",
      samples,
      goal: { value: goal, more: true },
    };
  }

  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const count = 5_000;
    const ms = await millisecondsOf(() =>
      withConnections(target, 64, async (connection, next) => {
        for (let i = next(); i < count; i = next()) {
          const body = JSON.stringify({ status: { phase: `Round${round}`, count: i } });
          const path = `${COLLECTION}/c64-0-${i}/status`;
          await connection.request("PATCH", path, body, "application/merge-patch+json");
        }
      })
    );
    samples.push(count / ms * 1_000);
  }
  yield { what: "status updates, 64 writers", unit: "/s", samples, goal: { value: 5_000, more: true } };
}

async function createMany(target: Target, prefix: string, writers: number, count: number): Promise<number> {
  const bodies = Array.from({ length: count }, (_, i) => widget(`${prefix}-${i}`));
  const ms = await millisecondsOf(() =>
    withConnections(target, writers, async (connection, next) => {
      for (let i = next(); i < count; i = next()) {
        await connection.request("POST", COLLECTION, bodies[i] ?? "");
      }
    })
  );
  return count / ms * 1_000;
}
