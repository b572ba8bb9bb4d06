import { deepEqual } from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { readReport } from "./report.ts";

describe("the report of a test run", () => {
  it("counts passed and failed cases and names those that did not run", () => {
    const junit = `<testsuites tests="4" failures="1"><testsuite name="a">
      <testcase name="one" classname="./a.ts" time="0.1" line="1" col="1"></testcase>
      <testcase name="two" time="0.1"/>
      <testcase name="three" time="0.1"><failure message="no">stack</failure></testcase>
      <testcase name="a JVM &gt; starts (needs Java)"><skipped/></testcase>
    </testsuite></testsuites>`;
    deepEqual(readReport(junit), { passed: 2, failed: 1, notRun: ["a JVM > starts (needs Java)"] });
  });
});
