import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Driver } from "../driver.ts";
import { killAll, realOptions, refused, taskOf } from "../testdata/rig.ts";
import { denoFiles } from "./deno_files.ts";
import { processDriver } from "./driver.ts";

const never = new AbortController().signal;
const PROGRAM = "#!/bin/sh\nexit 5\n";
const SHA256 = createHash("sha256").update(PROGRAM).digest("hex");

describe("a process that cannot run as its document says", () => {
  let directory: string;
  let driver: Driver;
  let server: Deno.HttpServer<Deno.NetAddr>;
  let url: string;
  let requests: number;

  beforeEach(() => {
    directory = Deno.makeTempDirSync({ prefix: "servicelet-bad-" });
    driver = processDriver(realOptions(directory));
    requests = 0;
    server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      requests++;
      const { pathname } = new URL(request.url);
      if (pathname === "/program") return new Response(PROGRAM);
      if (pathname === "/page") {
        return new Response("<!DOCTYPE html><p>Log in</p>", { headers: { "content-type": "text/html" } });
      }
      return new Response("no", { status: pathname === "/broken" ? 500 : 404 });
    });
    url = `http://127.0.0.1:${server.addr.port}`;
  });
  afterEach(async () => {
    await server.shutdown();
    await killAll(directory);
    await Deno.remove(directory, { recursive: true });
  });

  const app = (spec: unknown) => taskOf("ProcessApplication", "app", spec);
  const prepared = (spec: unknown) => driver.prepare(app(spec), never);

  it("names a command that does not exist, and where it was looked for", async () => {
    await refused(prepared({ command: ["frobnicate"] }), "CommandNotFound", /"frobnicate" in PATH \(.*bin/);
    await refused(prepared({ command: ["/no/such"] }), "CommandNotFound", /no file \/no\/such/);
    await refused(prepared({ command: ["/etc/passwd"] }), "CommandNotExecutable", /chmod \+x/);
    await refused(prepared({ command: ["/etc"] }), "CommandNotExecutable", /not a file/);
  });

  it("says that command and artifact exclude each other", async () => {
    await refused(prepared({}), "InvalidSpec", /exactly one of command and artifact: it has neither/);
  });

  it("names a working directory that is missing", async () => {
    const spec = { command: ["true"], workingDirectory: "/no/such" };
    await refused(prepared(spec), "WorkingDirectoryMissing", /spec.workingDirectory.*\/no\/such/);
  });

  it("names the port in use and who uses it", async () => {
    const ports = [{ name: "http", port: server.addr.port }];
    const task = app({ command: ["true"], ports });
    const attempt = driver.start(task, await driver.prepare(task, never));
    await refused(
      attempt,
      "PortInUse",
      new RegExp(`port ${server.addr.port} \\("http"\\).*process ${Deno.pid} `),
    );
    assert.equal(await driver.find(task.id), undefined);
  });

  it("names a program for another machine", async () => {
    const path = `${directory}/foreign`;
    const header = (await Deno.readFile("/bin/sh")).slice(0, 64);
    new DataView(header.buffer).setUint16(18, 243, true);
    await Deno.writeFile(path, header, { mode: 0o755 });
    await refused(prepared({ command: [path] }), "WrongArchitecture", /built for riscv64/);
  });

  it("executes an artifact only with the right checksum, and says what came", async () => {
    const wrong = "0".repeat(64);
    const artifact = { url: `${url}/program`, sha256: wrong };
    await refused(
      prepared({ artifact }),
      "ChecksumMismatch",
      new RegExp(`${wrong}.*${PROGRAM.length} bytes.*${SHA256}`),
    );
    const page = { url: `${url}/page`, sha256: SHA256 };
    await refused(prepared({ artifact: page }), "ChecksumMismatch", /web page \(HTML\)/);
    assert.deepEqual(await denoFiles.list(`${directory}/artifacts`), ["urls"]);
  });

  it("tells an address without a file from one that cannot be reached", async () => {
    await refused(prepared({ artifact: { url: `${url}/none` } }), "ArtifactNotFound", /\/none answered 404/);
    await refused(
      prepared({ artifact: { url: `${url}/broken` } }),
      "ArtifactNotReachable",
      /\/broken: answered 500/,
    );
    await refused(
      prepared({ artifact: { url: "http://127.0.0.1:4/x" } }),
      "ArtifactNotReachable",
      /refused/i,
    );
    await refused(
      prepared({ artifact: { url: "file:///no/such" } }),
      "ArtifactNotFound",
      /no file \/no\/such/,
    );
    await refused(prepared({ artifact: { url: "file:///etc" } }), "ArtifactNotAFile", /\/etc is not a file/);
    await refused(prepared({ artifact: { url: `${url}/page` } }), "ArtifactNotAFile", /web page/);
  });

  it("runs once the document is corrected, leaving alone what runs meanwhile", async () => {
    const old = app({ command: ["sleep", "1000"] });
    const running = await driver.start(old, await driver.prepare(old, never));
    await assert.rejects(prepared({ artifact: { url: `${url}/none` } }));
    assert.deepEqual(await driver.recover(running), { state: "running" });
    await driver.stop(running, 1000);
    const corrected = app({ artifact: { url: `${url}/program`, sha256: SHA256 } });
    const handle = await driver.start(corrected, await driver.prepare(corrected, never));
    assert.equal((await driver.wait(handle, never)).code, 5);
  });

  it("fetches an artifact once, and removes it with the last task that needs it", async () => {
    const spec = { artifact: { url: `${url}/program` } };
    const other = taskOf("ProcessApplication", "other", spec);
    await Promise.all([prepared(spec), driver.prepare(other, never)]);
    await processDriver(realOptions(directory)).prepare(other, never);
    assert.equal(requests, 1);
    const path = `${directory}/artifacts/sha256-${SHA256}`;
    await driver.remove(app(spec).id);
    assert.ok((await Deno.stat(path)).isFile);
    await driver.remove(other.id);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  });
});
