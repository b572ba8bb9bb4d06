import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { silentLog, systemClock, systemRandom } from "@servicelet/shared/ports";
import { type TemporaryDirectory, temporaryDirectory } from "@servicelet/shared/testing";
import { change } from "./conformance.ts";
import { openDataDirectory } from "./deno_data_directory.ts";
import { type Revision, type Store, StoreUnavailable, type Version } from "./store.ts";

const ROUNDS = 5;
const WRITER = new URL("./testdata/writer.ts", import.meta.url).pathname;
const ports = { clock: systemClock, random: systemRandom, log: silentLog };

/** A process that writes into a directory and tells what was acknowledged. */
interface Writer {
  readonly pid: number;
  /** Resolves with the lines told so far once there are so many. */
  told(lines: number): Promise<string[]>;
  /** Kills it with SIGKILL; resolves with everything it told. */
  kill(): Promise<string[]>;
}

function startWriter(directory: string): Writer {
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", WRITER, directory], stdout: "piped" })
    .spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  // What stands before the last line break: a line cut off by the kill was not told.
  const lines = () => text.split("\n").slice(0, -1);
  return {
    pid: child.pid,
    async told(count) {
      while (lines().length < count) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`The writer ended after ${lines().length} of ${count} lines`);
        text += value;
      }
      return lines();
    },
    async kill() {
      child.kill("SIGKILL");
      for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
      await child.status;
      return lines();
    },
  };
}

describe("a data directory", () => {
  let directory: TemporaryDirectory;
  let data: string;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    data = join(directory.path, "var", "data");
  });
  afterEach(async () => await directory[Symbol.asyncDispose]());

  it("is made where it is missing, for its owner only", async () => {
    await using store = await openDataDirectory(data, ports);
    await store.commit(change("a", 0, "x"));
    assert.equal(((await Deno.stat(data)).mode ?? 0) & 0o777, 0o700);
    for await (const { name } of Deno.readDir(data)) {
      assert.equal(((await Deno.stat(join(data, name))).mode ?? 0) & 0o777, 0o600, name);
    }
  });

  it("is refused to a second store in the same process until the first one is closed", async () => {
    const store = await openDataDirectory(data, ports);
    await assert.rejects(openDataDirectory(data, ports), {
      message: `Cannot open the data directory ${data}: process ${Deno.pid} holds it ` +
        `(lock file ${data}/lock): stop that process or use another directory`,
    });
    assert.equal(await store.commit(change("a", 0, "x")), 1);
    await store[Symbol.asyncDispose]();
    await using again = await openDataDirectory(data, ports);
    assert.equal(again.revision, 1);
  });

  it("is refused to a second process, which is told the pid of the first, and free when that one was killed", async () => {
    const writer = startWriter(data);
    await writer.told(3);
    await assert.rejects(
      openDataDirectory(data, ports),
      new RegExp(`${data}: process ${writer.pid} holds it`),
    );
    await writer.kill();
    await using store = await openDataDirectory(data, ports);
    assert.ok(store.revision >= 2);
  });

  it("tells what is wrong where it cannot be one", async () => {
    await Deno.writeTextFile(join(directory.path, "file"), "");
    const path = join(directory.path, "file", "data");
    await assert.rejects(
      openDataDirectory(path, ports),
      new RegExp(`^Error: Cannot open the data directory ${path}: `),
    );
  });

  it("whose database is none is refused, and not held after that", async () => {
    await Deno.mkdir(data, { recursive: true });
    const file = join(data, "store.sqlite3");
    await Deno.writeTextFile(file, "no database ".repeat(1_000));
    await assert.rejects(
      openDataDirectory(data, ports),
      /Cannot open the data directory .*: .*not a database/,
    );
    await Deno.remove(file);
    await using store = await openDataDirectory(data, ports);
    assert.equal(store.revision, 0);
  });

  it(":memory: leaves nothing behind", async () => {
    await using store = await openDataDirectory(":memory:", ports);
    assert.equal(await store.commit(change("a", 0, "x")), 1);
    await using other = await openDataDirectory(":memory:", ports);
    assert.equal(other.revision, 0);
  });

  it(`has every acknowledged write, and no gap, after ${ROUNDS} kills of a process with 8 writers`, async () => {
    let last = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const writer = startWriter(data);
      await writer.told(200 + round * 150);
      const [opened, ...acknowledged] = await writer.kill();
      const stored = new Map<Revision, Version>();
      const store = await openDataDirectory(data, ports);
      await store.follow((version) => void stored.set(version.revision, version));
      assert.ok(parseInt(opened?.split(" ")[1] ?? "") >= last, "nothing was lost between two rounds");

      // What was compacted away was replaced by something newer, which is there.
      const newest = new Map<string, Revision>();
      for (const { key, revision } of stored.values()) newest.set(key, revision);
      const wasDeleted = (key: string) =>
        acknowledged.some((line) => line.startsWith(`${key} `) && line.endsWith("true"));
      for (const line of acknowledged) {
        const [key = "", revision = "", deleted] = line.split(" ");
        last = Math.max(last, Number(revision));
        const version = stored.get(Number(revision));
        if (version) {
          assert.deepEqual([version.key, `${version.deleted}`], [key, deleted], line);
        } else {
          assert.ok(Number(revision) <= store.floor, `${line} is not there, the floor is ${store.floor}`);
          assert.ok(deleted === "true" || (newest.get(key) ?? 0) > Number(revision) || wasDeleted(key), line);
        }
      }
      assert.ok(store.revision >= last);
      await store[Symbol.asyncDispose]();
    }
  });
});

/** Mounts a small file system for a test; undefined where this process may not. */
async function mountSmall(path: string): Promise<AsyncDisposable | undefined> {
  await Deno.mkdir(path);
  const run = (command: string, ...args: string[]) =>
    new Deno.Command(command, { args, stderr: "null" }).output().catch(() => ({ success: false }));
  const { success } = await run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path);
  return success ? { [Symbol.asyncDispose]: async () => void await run("umount", path) } : undefined;
}

const canMount = await (async () => {
  await using directory = await temporaryDirectory();
  await using mounted = await mountSmall(join(directory.path, "small"));
  return mounted !== undefined;
})();

describe("a data directory on a disk that runs full", { ignore: !canMount }, () => {
  it("refuses writes, keeps what was acknowledged, and takes writes again once there is space", async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, "small");
    await using _mounted = await mountSmall(path);
    const ballast = join(path, "ballast");
    await Deno.writeFile(ballast, new Uint8Array(1_000_000));

    const store: Store = await openDataDirectory(join(path, "data"), ports);
    const seen = new Map<string, Revision>();
    await store.follow(({ key, revision }) => void seen.set(key, revision));
    const acknowledged = new Map<string, Revision>();
    const failure = await (async () => {
      for (let i = 0;; i++) {
        acknowledged.set(`k${i}`, await store.commit(change(`k${i}`, 0, "x".repeat(20_000))));
      }
    })().catch((cause) => cause);
    assert.ok(failure instanceof StoreUnavailable);
    assert.match(failure.message, /disk is full; nothing was written|disk I\/O error; nothing was written/);
    await store.sync();
    assert.deepEqual(seen, acknowledged);
    assert.equal(store.revision, acknowledged.size);

    await Deno.remove(ballast);
    acknowledged.set("after", await store.commit(change("after", 0, "x")));
    await store[Symbol.asyncDispose]();

    await using again = await openDataDirectory(join(path, "data"), ports);
    const kept = new Map<string, Revision>();
    await again.follow(({ key, revision }) => void kept.set(key, revision));
    assert.deepEqual(kept, acknowledged);
  });
});
