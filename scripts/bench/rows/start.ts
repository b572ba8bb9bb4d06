import { startControlPlane } from "@servicelet/scripts/local";
import { type Figure, memoryOf, millisecondsOf, rest } from "../measure.ts";
import { controlPlaneBundle } from "../shipped.ts";
import { defineSubject, fill, targetOf } from "../subject.ts";

const ROUNDS = 5;

/** Start to ready and memory, empty and with 10,000 documents. */
export async function* start(directory: string): AsyncGenerator<Figure> {
  const first = await millisecondsOf(async () => {
    await using _ = await startControlPlane({
      directory: `${directory}`,
      dataDirectory: `${directory}/fresh`,
    });
  });
  yield { what: "control plane: very first start, certificates made", unit: "ms", samples: [first] };

  await using controlPlane = await startControlPlane({ directory, program: controlPlaneBundle });
  const restarts = async () => {
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await controlPlane.stop("SIGKILL");
      samples.push(await millisecondsOf(() => controlPlane.start()));
    }
    return samples;
  };
  yield {
    what: "control plane: start to ready, empty",
    unit: "ms",
    samples: await restarts(),
    goal: { value: 150 },
  };
  await rest(3_000);
  const idle = await memoryOf(controlPlane.pid);
  yield { what: "control plane: memory idle (PSS)", unit: "MB", samples: [idle.pss], goal: { value: 60 } };
  yield { what: "… of it anonymous", unit: "MB", samples: [idle.anonymous] };

  await defineSubject(controlPlane.client);
  await fill(await targetOf(controlPlane), "d", 10_000);
  yield {
    what: "control plane: start to ready, 10,000 documents",
    unit: "ms",
    samples: await restarts(),
    goal: { value: 400 },
  };
  await rest(3_000);
  const full = await memoryOf(controlPlane.pid);
  yield {
    what: "control plane: memory with 10,000 documents (PSS)",
    unit: "MB",
    samples: [full.pss],
    goal: { value: 150 },
  };
  yield { what: "… of it anonymous", unit: "MB", samples: [full.anonymous] };
}
