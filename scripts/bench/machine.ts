/** What the figures were taken on.
 *
 * @module
 */

/** One sentence: processor, cores, memory, system, Deno, and how fast the disk makes a small write durable. */
export async function describeMachine(directory: string): Promise<string> {
  const cpu = /^model name\s*: (.*)$/m.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1] ?? Deno.build.arch;
  const gigabytes = (Deno.systemMemoryInfo().total / 2 ** 30).toFixed(0);
  const syncs = await syncsPerSecond(`${directory}/sync`);
  return `${cpu}, ${navigator.hardwareConcurrency} cores, ${gigabytes} GB, Linux ${Deno.osRelease()}, Deno ${Deno.version.deno}, ` +
    `${syncs} durable writes of 4 KB a second; client and server share the machine`;
}

async function syncsPerSecond(path: string): Promise<number> {
  using file = await Deno.open(path, { create: true, write: true });
  const block = new Uint8Array(4096);
  const COUNT = 300;
  const began = performance.now();
  for (let i = 0; i < COUNT; i++) {
    await file.write(block);
    await file.syncData();
  }
  return Math.round(COUNT / (performance.now() - began) * 1_000);
}
