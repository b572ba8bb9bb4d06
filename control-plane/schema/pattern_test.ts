import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import { compilePattern } from "./pattern.ts";

describe("a pattern in Go's syntax", () => {
  const cases: [string, string[], string[]][] = [
    ["^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", ["a-b.c"], ["-a", "a."]],
    ["(?i)^abc$", ["ABC"], ["abd"]],
    ["^(?P<year>\\d{4})\\-\\d\\d$", ["2026-11"], ["2026x11"]],
    ["^[\\w\\-\\_\\.]+$", ["a-b_c.d"], ["a b"]],
    ["^[[:alpha:]_]+$", ["Ab_"], ["a1"]],
    ["^[^[:space:]]+$", ["ab"], ["a b"]],
    ["\\Aab\\z", ["ab"], ["ab\n"]],
    ["^[\\w-.]+$", ["a-.b"], ["a b"]],
    ["^{a}$", ["{a}"], ["a"]],
    ["^\\p{Greek}+$", ["αβγ"], ["abc"]],
    ["^\\pL+$", ["aé"], ["1"]],
    ["^a.c$", ["a\u2028c"], ["a\nc"]],
    ["^[]a]+$", ["]a"], ["b"]],
    ["^\\Qa.b\\E$", ["a.b"], ["axb"]],
    ["^\\x41\\x{1F600}$", ["A😀"], ["A"]],
    ['^"\\"\\@\\:/$', ['""@:/'], [""]],
  ];
  for (const [pattern, matching, others] of cases) {
    it(`means the same here: ${pattern}`, () => {
      const matches = compilePattern(pattern);
      for (const text of matching) assert.ok(matches(text), text);
      for (const text of others) assert.ok(!matches(text), text);
    });
  }
  for (const pattern of ["(", "[a", "a{2,1}", "(?=a)", "(?!a)", "\\1", "\\k", "a{1001}", "(?<n", "\\"]) {
    it(`is refused: ${pattern}`, () => assert.throws(() => compilePattern(pattern), SyntaxError));
  }
});
