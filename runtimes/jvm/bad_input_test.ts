import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import type { Driver } from "../driver.ts";
import { denoFiles } from "../process/mod.ts";
import { killAll, realOptions, refused, taskOf } from "../testdata/rig.ts";
import { discoverJdks } from "./discover.ts";
import { jvmDriver } from "./driver.ts";
import { inspectJar, parseManifest } from "./jar.ts";

const never = new AbortController().signal;
const jdk = (await discoverJdks({ environment: Deno.env.toObject(), files: denoFiles })).find((
  { compiles },
) => compiles);

describe("a Java program that cannot run as its document says", () => {
  let directory: string;
  let driver: Driver;

  beforeEach(() => {
    directory = Deno.makeTempDirSync({ prefix: "servicelet-java-" });
    driver = driverWith(17, 21);
  });
  afterEach(async () => {
    await killAll(directory);
    await Deno.remove(directory, { recursive: true });
  });

  /** A driver on a machine with these versions of Java, which only look like it. */
  function driverWith(...features: number[]): Driver {
    for (const feature of features) {
      const home = `${directory}/jvm/java-${feature}`;
      Deno.mkdirSync(`${home}/bin`, { recursive: true });
      Deno.writeTextFileSync(`${home}/bin/java`, "#!/bin/sh\n", { mode: 0o755 });
      const modules = feature === 21 ? "java.base" : "java.base jdk.compiler";
      Deno.writeTextFileSync(`${home}/release`, `JAVA_VERSION="${feature}.0.1"\nMODULES="${modules}"\n`);
    }
    Deno.mkdirSync(`${directory}/jvm`, { recursive: true });
    return jvmDriver({ ...realOptions(directory), environment: {}, jdkParents: [`${directory}/jvm`] });
  }

  function file(name: string, contents: string | Uint8Array): string {
    const path = `${directory}/${name}`;
    Deno.writeFileSync(path, typeof contents === "string" ? new TextEncoder().encode(contents) : contents);
    return `file://${path}`;
  }

  const prepared = (spec: Record<string, unknown>) =>
    driver.prepare(taskOf("JavaApplication", "app", spec), never);

  it("says that there is no Java, and what to do", async () => {
    await Deno.remove(`${directory}/jvm`, { recursive: true });
    const bare = driverWith();
    const { available, message, jdks } = await bare.fingerprint();
    assert.deepEqual({ available, jdks }, { available: false, jdks: [] });
    assert.match(message ?? "", /no Java on this machine: install/);
    const task = taskOf("JavaApplication", "app", { artifact: { url: file("App.java", "") } });
    await refused(bare.prepare(task, never), "NoSuitableJava", /no Java on this machine: install/);
  });

  it("says which Java it needs and which there is", async () => {
    const url = file("App.java", "class App {}");
    await refused(
      prepared({ artifact: { url }, javaVersion: 21 }),
      "NoSuitableJava",
      /a JDK .* >= 21 .*found 17\.0\.1 at .*java-17, 21\.0\.1 without a compiler at .*java-21/,
    );
  });

  it("takes the lowest Java that will do", async () => {
    const url = file("App.java", "class App {}");
    assert.match((await prepared({ artifact: { url } })).argv[0] ?? "", /java-17\/bin\/java$/);
  });

  it("tells a page, a cut file and nonsense from a jar", async () => {
    await refused(
      prepared({ artifact: { url: file("a.jar", "nonsense") } }),
      "NotAJar",
      /begins with "nonsense"/,
    );
    await refused(prepared({ artifact: { url: file("b.jar", "PK\x03\x04...") } }), "NotAJar", /cut off/);
    const page = file("c.jar", "<html>Not found</html>");
    await refused(prepared({ artifact: { url: page } }), "ArtifactNotAFile", /web page/);
  });

  it("adds flags for a supervised JVM, which the document's own replace", async () => {
    const url = file("App.java", "class App {}");
    const resources = { requests: { memory: "100Mi" } };
    const { argv } = await prepared({ artifact: { url }, resources, args: ["-x"] });
    assert.ok(
      ["-Xmx60m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"].every((flag) => argv.includes(flag)),
      argv.join(" "),
    );
    assert.equal(argv.at(-1), "-x");
    const own = await prepared({ artifact: { url }, resources, jvmFlags: ["-Xmx7m", "-XX:+UseG1GC"] });
    assert.deepEqual(own.argv.filter((flag) => /^-Xmx|GC$/.test(flag)), ["-Xmx7m", "-XX:+UseG1GC"]);
  });

  it("keeps five crash files of a program that crashes again and again", async () => {
    const url = file("App.java", "class App {}");
    const { argv } = await prepared({ artifact: { url } });
    const crash = argv.find((flag) => flag.startsWith("-XX:HeapDumpPath="))?.split("=")[1] ?? "";
    for (let i = 0; i < 8; i++) {
      await Deno.writeTextFile(`${crash}/hs_err_${i}.log`, "");
      await Deno.utime(`${crash}/hs_err_${i}.log`, i, i);
    }
    await driver.rotate("javaapplications/default/app");
    assert.deepEqual((await denoFiles.list(crash)).sort(), [3, 4, 5, 6, 7].map((i) => `hs_err_${i}.log`));
  });

  it("reads the attributes of a manifest over folded lines", () => {
    const manifest = parseManifest(
      "Manifest-Version: 1.0\r\nMain-Class: dev.example.\r\n Main\r\n\r\nName: x\r\nMain-Class: no\r\n",
    );
    assert.equal(manifest.get("main-class"), "dev.example.Main");
  });

  describe(`with a JDK${jdk ? "" : ": not tried, there is none on this machine"}`, { ignore: !jdk }, () => {
    const home = jdk?.home ?? "";

    it("looks for the main class in the jar, and for the Java that it was compiled for", async () => {
      file("App.java", "package dev.example; public class App { public static void main(String[] a) {} }");
      await run("javac", "-d", `${directory}/classes`, `${directory}/App.java`);
      await run("jar", "cf", `${directory}/plain.jar`, "-C", `${directory}/classes`, ".");
      await run("jar", "cfe", `${directory}/main.jar`, "dev.example.App", "-C", `${directory}/classes`, ".");
      const plain = { url: `file://${directory}/plain.jar` };
      await refused(prepared({ artifact: plain }), "NoMainClass", /set spec\.mainClass/);
      const absent = { artifact: plain, mainClass: "dev.example.Absent" };
      await refused(
        prepared(absent),
        "MainClassNotFound",
        /no class dev\.example\.Absent \(spec\.mainClass\)/,
      );
      const facts = await inspectJar(`${directory}/main.jar`, undefined, denoFiles);
      assert.deepEqual(facts, { mainClass: "dev.example.App", feature: jdk?.feature });
      driver = driverWith(8);
      await Deno.remove(`${directory}/jvm/java-17`, { recursive: true });
      await Deno.remove(`${directory}/jvm/java-21`, { recursive: true });
      await refused(
        prepared({ artifact: { url: `file://${directory}/main.jar` } }),
        "NoSuitableJava",
        new RegExp(`Java >= ${jdk?.feature} \\(class dev\\.example\\.App is compiled for it\\); found 8`),
      );
    });

    it("tells a full heap from an error", async () => {
      const real = jvmDriver(realOptions(directory));
      const body = "var l = new java.util.ArrayList<byte[]>(); while (true) l.add(new byte[1 << 20]);";
      const url = file("Full.java", `class Full { public static void main(String[] a) { ${body} } }`);
      const task = taskOf("JavaApplication", "full", { artifact: { url }, jvmFlags: ["-Xmx24m"] });
      const exit = await real.wait(await real.start(task, await real.prepare(task, never)), never);
      assert.equal(exit.reason, "OutOfMemory", exit.message);
      assert.match(exit.message, /Java heap space.*raise -Xmx/);
    });

    async function run(tool: string, ...args: string[]): Promise<void> {
      const { success, stderr } = await new Deno.Command(`${home}/bin/${tool}`, { args, stdin: "null" })
        .output();
      assert.ok(success, new TextDecoder().decode(stderr));
    }
  });
});
