import { join } from "node:path";
import { silentLog, systemClock, systemRandom } from "@servicelet/shared/ports";
import { storeConformance } from "./conformance.ts";
import { openDataDirectory } from "./deno_data_directory.ts";
import { openDenoKvStore } from "./deno_kv.ts";
import { memoryDisk, memoryStore } from "./memory.ts";

const ports = { clock: systemClock, random: systemRandom, log: silentLog };

storeConformance("memory", () => {
  const disk = memoryDisk();
  return Promise.resolve({
    open: () => Promise.resolve(memoryStore({ disk })),
    async [Symbol.asyncDispose]() {},
  });
});

storeConformance("Deno KV in a data directory", async () => {
  const directory = await Deno.makeTempDir();
  return {
    open: () => openDataDirectory(join(directory, "data"), ports),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
});

storeConformance("a shared Deno KV", async () => {
  const directory = await Deno.makeTempDir();
  return {
    async open() {
      const kv = await Deno.openKv(join(directory, "kv.sqlite3"));
      return openDenoKvStore({ kv, exclusive: false, ...ports });
    },
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
});
