import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import {
  isDnsLabel,
  isDnsSubdomain,
  labelKeyProblems,
  labelValueProblems,
  validateLabels,
  validateName,
} from "./mod.ts";

describe("names of documents", () => {
  it("are DNS labels or subdomains of lower-case letters, digits and hyphens", () => {
    for (const name of ["a", "a-1", "1", "x".repeat(63)]) assert.equal(isDnsLabel(name), true, name);
    for (const name of ["", "A", "-a", "a-", "a.b", "a_b", "x".repeat(64), "a\n"]) {
      assert.equal(isDnsLabel(name), false, name);
    }
    for (const name of ["a.b", "example.com", "x".repeat(253)]) {
      assert.equal(isDnsSubdomain(name), true, name);
    }
    for (const name of ["", ".a", "a..b", "a.B", "x".repeat(254)]) {
      assert.equal(isDnsSubdomain(name), false, name);
    }
  });

  it("are refused in Kubernetes' words, with what was given", () => {
    const [wrong, ...more] = validateName("Oak_1", "subdomain");
    assert.deepEqual([wrong?.path, wrong?.value, more.length], ["metadata.name", "Oak_1", 0]);
    assert.equal(
      wrong?.requirement,
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
    const long = validateName("x".repeat(64), "label", "metadata.namespace");
    assert.deepEqual(long.map((field) => [field.path, field.requirement]), [[
      "metadata.namespace",
      "must be no more than 63 bytes",
    ]]);
  });

  it("may be anything that fits into a path where the kind says so", () => {
    assert.deepEqual(validateName("system:node:A_b", "path"), []);
    const problems = (name: string) => validateName(name, "path").map((field) => field.requirement);
    assert.deepEqual(["..", ".", "a/b%"].map(problems), [["may not be '..'"], ["may not be '.'"], [
      "may not contain '/'",
      "may not contain '%'",
    ]]);
  });
});

describe("labels", () => {
  it("take qualified keys and short values", () => {
    for (const key of ["a", "A.b_c-1", "example.com/Name", "x".repeat(63)]) {
      assert.deepEqual(labelKeyProblems(key), [], key);
    }
    for (const value of ["", "a", "A.b_c-1", "x".repeat(63)]) {
      assert.deepEqual(labelValueProblems(value), [], value);
    }
    assert.deepEqual(validateLabels({ "example.com/team": "a" }), []);
  });

  it("refuse others, saying which part is wrong", () => {
    assert.match(labelKeyProblems("").join(), /name part must be non-empty/);
    assert.match(labelKeyProblems("/a").join(), /prefix part must be non-empty/);
    assert.match(labelKeyProblems("Example.com/a").join(), /^prefix part a lowercase RFC 1123 subdomain/);
    assert.match(labelKeyProblems("a/b/c").join(), /with an optional DNS subdomain prefix and '\/'/);
    assert.match(labelKeyProblems("x".repeat(64)).join(), /name part must be no more than 63 bytes/);
    assert.deepEqual(labelValueProblems("x".repeat(64)), ["must be no more than 63 bytes"]);
    const fields = validateLabels({ "a b": "c", d: "e!" }, "spec.labels");
    assert.deepEqual(fields.map((field) => [field.path, field.value]), [["spec.labels", "a b"], [
      "spec.labels",
      "e!",
    ]]);
  });
});
