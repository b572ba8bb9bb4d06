/** Writes into a data directory with eight writers until it is killed, and tells each acknowledged write in a line on standard
 * output: key, revision, whether it deleted.
 *
 * Run as `deno run -A writer.ts DIRECTORY`.
 */
import { silentLog, systemClock, systemRandom } from "@servicelet/shared/ports";
import { openDataDirectory } from "../deno_data_directory.ts";

const store = await openDataDirectory(Deno.args[0] ?? "", {
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
});
const current = new Map<string, number>();
await store.follow(({ key, revision, deleted }) => {
  if (deleted) current.delete(key);
  else current.set(key, revision);
});

const encoder = new TextEncoder();
Deno.stdout.writeSync(encoder.encode(`open ${store.revision}\n`));
await Promise.all(Array.from({ length: 8 }, (_, writer) => writeOn(writer)));

async function writeOn(writer: number): Promise<never> {
  for (let i = 0;; i++) {
    const key = `writer${writer}/${i % 20}`;
    const expected = current.get(key) ?? 0;
    const deleted = expected > 0 && i % 7 === 0;
    const padding = "x".repeat(i % 50 === 49 ? 90_000 : 300);
    const revision = await store.commit({
      key,
      expected,
      deleted,
      encode: (r) => ({ bytes: encoder.encode(JSON.stringify({ r, t: padding })) }),
    });
    Deno.stdout.writeSync(encoder.encode(`${key} ${revision} ${deleted}\n`));
    if (writer === 0 && i % 40 === 39) void store.compact(store.revision - 50).catch(() => {});
  }
}
