import { deepEqual, equal, match } from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import {
  bundle,
  compile,
  hasBase,
  type Program as Subject,
  PROGRAMS,
  TARGETS,
} from "@servicelet/scripts/compile";
import {
  bundled,
  type LocalControlPlane,
  placeOrder,
  type Program,
  readExample,
  startControlPlane,
  startSite,
} from "@servicelet/scripts/local";
import { type TemporaryDirectory, temporaryDirectory } from "@servicelet/shared/testing";

const here = Deno.build.os === "linux" ? TARGETS.find(({ name }) => name === Deno.build.arch) : undefined;
const canCompile = here !== undefined && await hasBase(here);

describe("the bundles that compiled files embed", () => {
  let directory: TemporaryDirectory;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    for (const program of PROGRAMS) await bundle(program, directory.path);
  });
  afterAll(async () => await directory[Symbol.asyncDispose]());

  const subject = (name: string): Subject => {
    const found = PROGRAMS.find((program) => program.name === name);
    if (!found) throw new Error(`There is no program ${name}`);
    return found;
  };
  const scriptOf = (name: string) => `${directory.path}/${name}.js`;
  // With no more permissions than the compiled file has.
  const programOf = (name: string) => bundled(scriptOf(name), subject(name).permissions);

  it("operate an order from its creation to its deletion", async () => {
    await using place = await temporaryDirectory();
    await using controlPlane = await startControlPlane({
      directory: place.path,
      program: programOf("control-plane"),
    });
    await operate(controlPlane, programOf("servicelet"), place.path);
  });

  it("make certificates at the first start, and keep them at the next", async () => {
    await using place = await temporaryDirectory();
    await using controlPlane = await startControlPlane({
      directory: place.path,
      program: programOf("control-plane"),
    });
    const authority = await Deno.readTextFile(`${place.path}/data/pki/ca.crt`);
    const certificate = await Deno.readTextFile(`${place.path}/data/pki/server.crt`);
    equal(new X509Certificate(authority).ca, true);
    equal(new X509Certificate(certificate).checkIP("127.0.0.1"), "127.0.0.1");
    equal(new X509Certificate(certificate).verify(new X509Certificate(authority).publicKey), true);

    await controlPlane.stop();
    await controlPlane.start();
    equal(await Deno.readTextFile(`${place.path}/data/pki/ca.crt`), authority);
    equal(await Deno.readTextFile(`${place.path}/data/pki/server.crt`), certificate);
    equal((await controlPlane.client.get("/api/v1/namespaces/default")).kind, "Namespace");
  });

  it("create a token, of which the control plane keeps a digest alone", async () => {
    await using place = await temporaryDirectory();
    await using controlPlane = await startControlPlane({
      directory: place.path,
      program: programOf("control-plane"),
    });
    const token = (await Deno.readTextFile(await controlPlane.createToken("site-1"))).trim();
    match(token, /^\S{32,}$/);
    const secret = await controlPlane.client.get(
      "/api/v1/namespaces/servicelet-system/secrets/servicelet-token-site-1",
    );
    deepEqual(secret["data"], {
      name: btoa("site-1"),
      sha256: btoa(createHash("sha256").update(token).digest("hex")),
    });
  });

  it(
    "operate an order as a compiled file (needs denort: Deno's download or DENORT_BIN)",
    { ignore: !canCompile },
    async () => {
      if (!here) throw new Error("No program is compiled for this machine");
      await using place = await temporaryDirectory();
      await using controlPlane = await startControlPlane({
        directory: place.path,
        program: programOf("control-plane"),
      });
      const file = await compile(subject("servicelet"), here, scriptOf("servicelet"), place.path);
      await operate(controlPlane, { command: file, args: [] }, place.path);
    },
  );
});

async function operate(controlPlane: LocalControlPlane, program: Program, directory: string): Promise<void> {
  await using site = await startSite({ controlPlane, name: "site-1", directory, program });
  const port = freePort();
  const hello = await placeOrder(controlPlane.client, onPort(await readExample("hello"), port));

  await hello.ready();
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  match(await answer.text(), /^Hello from process \d+\n$/);

  await hello.delete();
  deepEqual(site.workloads(), []);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

// deno-lint-ignore no-explicit-any -- a document of an open kind
function onPort(document: any, port: number) {
  document.spec.ports[0].port = port;
  document.spec.readinessProbe.httpGet.port = port;
  return document;
}
