import { systemClock, systemRandom } from "@servicelet/shared/ports";
import { driverConformance } from "../conformance.ts";
import { type Behaviour, exitProcess, mockDriver, mockMachine } from "./mod.ts";
import { exitFrom } from "../process/exit.ts";

const BEHAVIOURS: Record<string, Behaviour> = {
  "ends with code 7": { exitsWith: 7 },
  "ignores SIGTERM": { ignoresTerm: true },
};

driverConformance("mock", () => {
  const machine = mockMachine();
  return Promise.resolve({
    driver: () => mockDriver({ clock: systemClock, random: systemRandom, machine }),
    task(name, conduct) {
      const id = `things/default/${name}`;
      machine.behaviours.set(id, BEHAVIOURS[conduct] ?? {});
      const document = {
        apiVersion: "v1",
        kind: "Thing",
        metadata: { name, namespace: "default" },
        spec: { conduct },
      };
      return { id, document };
    },
    kill({ id }) {
      exitProcess(machine, id, exitFrom(137, { finishedAt: new Date().toISOString(), outOfMemory: false }));
    },
    settled: () => Promise.resolve(),
    pids({ id, run }) {
      const process = machine.runs.get(id);
      return process && !process.exit && process.handle.run === run ? [process.handle.pid] : [];
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});
