import { deepEqual } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import plugin from "./plugin.ts";

function findings(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source).map((d) => d.id);
}

describe("a file that is no adapter", () => {
  it("may not read the clock, chance, timers, files or the network", () => {
    for (
      const line of [
        "Date.now()",
        "new Date()",
        "Math.random()",
        "crypto.randomUUID()",
        "setTimeout(f, 1)",
        "Deno.readTextFile('x')",
        "fetch('x')",
        "performance.now()",
        "import 'node:fs/promises'",
      ]
    ) {
      deepEqual(findings("control-plane/api/get.ts", line), ["servicelet/effects-at-the-edge"], line);
    }
  });

  it("may make a date of a given time and name an error class", () => {
    deepEqual(findings("control-plane/api/get.ts", "new Date(now); Deno.errors.NotFound"), []);
  });
});

describe("adapters, entry points, scripts and tests", () => {
  it("may touch the platform", () => {
    const files = [
      "shared/ports/deno_clock.ts",
      "servicelet/main.ts",
      "scripts/bench/rows.ts",
      "runtimes/a_test.ts",
    ];
    for (const file of files) deepEqual(findings(file, "Date.now()"), [], file);
  });
});

describe("imports between packages", () => {
  it("go one way", () => {
    const source = 'import { x } from "@servicelet/control-plane"';
    deepEqual(findings("servicelet/agent.ts", source), ["servicelet/one-way-dependencies"]);
    deepEqual(findings("tests/e2e/a.ts", source), []);
  });

  it("are by name, not by path", () => {
    deepEqual(findings("servicelet/agent.ts", 'import { x } from "../shared/krm/mod.ts"'), [
      "servicelet/one-way-dependencies",
    ]);
  });
});
