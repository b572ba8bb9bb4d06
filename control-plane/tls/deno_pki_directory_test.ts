import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { silentLog } from "@servicelet/shared/ports";
import { openPkiDirectory } from "./mod.ts";

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.parse("2026-11-24T00:00:00Z");
let directory: string;

function open(names: string[] = ["localhost", "127.0.0.1", "::1"], now = NOW) {
  return openPkiDirectory(`${directory}/pki`, { names, now, log: silentLog });
}

async function modeOf(file: string): Promise<number> {
  return ((await Deno.stat(`${directory}/pki/${file}`)).mode ?? 0) & 0o777;
}

describe("a directory of certificates", () => {
  beforeEach(async () => {
    directory = await Deno.makeTempDir();
  });
  afterEach(() => Deno.remove(directory, { recursive: true }));

  it("is filled at the first start: keys for the owner alone, the server signed for every name", async () => {
    const { authority, certificate } = await open();
    const server = new X509Certificate(certificate);
    assert.ok(server.verify(new X509Certificate(authority).publicKey));
    assert.match(server.subjectAltName ?? "", /localhost.*127\.0\.0\.1.*::1/);
    assert.deepEqual([await modeOf("ca.key"), await modeOf("server.key")], [0o600, 0o600]);
  });

  it("is taken as it is at the next start", async () => {
    assert.deepEqual(await open(), await open());
  });

  it("is taken as it is where what the last start found out about it is damaged", async () => {
    const before = await open();
    await Deno.writeTextFile(`${directory}/pki/checked.json`, "{");
    assert.deepEqual(await open(), before);
  });

  it("gets a new server certificate of the same authority for a further name", async () => {
    const before = await open();
    const after = await open(["localhost", "plane.example.org"]);
    assert.equal(after.authority, before.authority);
    assert.notEqual(after.certificate, before.certificate);
    assert.ok(new X509Certificate(after.certificate).checkHost("plane.example.org"));
  });

  it("gets a new server certificate before the old one expires", async () => {
    const before = await open();
    const after = await open(undefined, NOW + 320 * DAY);
    assert.equal(after.authority, before.authority);
    assert.notEqual(after.certificate, before.certificate);
  });

  it("gets a new server certificate where the old one is damaged", async () => {
    const before = await open();
    await Deno.writeTextFile(`${directory}/pki/server.crt`, before.certificate.slice(0, 100));
    const after = await open();
    assert.equal(after.authority, before.authority);
    assert.notEqual(after.certificate, before.certificate);
  });

  it("is refused where the authority is damaged: replacing it would lock out every client", async () => {
    await open();
    await Deno.writeTextFile(`${directory}/pki/ca.crt`, "nonsense");
    await assert.rejects(open(), /Cannot read .*ca\.crt: restore it from a backup/);
  });
});
