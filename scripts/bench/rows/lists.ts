import { Connection, type Target } from "../connection.ts";
import { type Figure, memoryOf, millisecondsOf } from "../measure.ts";
import { COLLECTION, fill } from "../subject.ts";

const ROUNDS = 7;

/** List of 10,000 documents in one answer, and what it costs in memory. Expects an empty collection. */
export async function* lists(target: Target, pid: number): AsyncGenerator<Figure> {
  await fill(target, "d", 10_000);
  using connection = await Connection.open(target);
  let size = 0;
  const list = async () => {
    size = (await connection.request("GET", COLLECTION)).length;
  };
  await list();
  const before = await memoryOf(pid);
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) samples.push(await millisecondsOf(list));
  const after = await memoryOf(pid);
  const what = `list of 10,000 documents (${(size / 1e6).toFixed(0)} MB)`;
  yield { what, unit: "ms", samples, goal: { value: 50 } };
  yield {
    what: `… memory that ${ROUNDS} of them leave behind`,
    unit: "MB",
    samples: [after.pss - before.pss],
  };
}
