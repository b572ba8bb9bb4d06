import { describe, it } from "@std/testing/bdd";
import assert from "node:assert/strict";
import { formatCheck } from "./formats.ts";

describe("a format", () => {
  const cases: [string, string[], string[]][] = [
    ["date", ["2024-02-29"], ["2026-02-29", "2026-13-01", "x"]],
    ["date-time", ["2026-01-02T03:04:05Z", "2026-01-02t03:04:05.123+01:00"], [
      "2026-01-02",
      "2026-01-02T25:00:00Z",
    ]],
    ["duration", ["1h30m", "0", "-1.5s", "22 ns", "3 days"], ["1", "h", ""]],
    ["uuid", ["0b41b1a2-4a2c-4f6e-8c5c-0123456789AB"], ["0b41"]],
    ["ipv4", ["10.0.0.1"], ["10.0.0.256", "10.0.0", "10.0.0.1."]],
    ["ipv6", ["::1", "2001:db8::ff"], ["10.0.0.1", ":::"]],
    ["cidr", ["10.0.0.0/8", "fd00::/8"], ["10.0.0.0", "10.0.0.0/33"]],
    ["mac", ["00:00:5e:00:53:01", "0000.5e00.5301"], ["00:00"]],
    ["email", ["a@b.example"], ["a", "a@b@c"]],
    ["uri", ["https://a.example/x?y", "/path"], ["", "a b"]],
    ["hostname", ["a.example", "localhost"], ["-a", "a..b"]],
    ["byte", ["YQ==", ""], ["YQ=", "*"]],
    ["isbn", ["0321751043", "978-0321751041"], ["0321751044"]],
    ["k8s-short-name", ["a-b"], ["A"]],
  ];
  for (const [format, good, bad] of cases) {
    it(`is checked: ${format}`, () => {
      const check = formatCheck(format) ?? assert.fail("unknown");
      for (const text of good) assert.ok(check(text), text);
      for (const text of bad) assert.ok(!check(text), text);
    });
  }
});
