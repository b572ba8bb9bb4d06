import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { equalities, labelSelectorOf, matchesLabels, parseLabelSelector, StatusError } from "./mod.ts";

function refusal(text: string): string {
  try {
    parseLabelSelector(text);
  } catch (error) {
    assert.ok(error instanceof StatusError && error.code === 400);
    return error.message;
  }
  return assert.fail(`${text} was taken`);
}

describe("a label selector in a request", () => {
  const labels = { app: "web", tier: "front", version: "12", empty: "", "example.com/team": "a" };
  const holds = [
    "",
    "app=web",
    "app==web",
    "app = web , tier=front",
    "app!=db",
    "missing!=db",
    "app in (web,db)",
    "app in ( web )",
    "app notin (db)",
    "missing notin (db)",
    "app",
    "!missing",
    "! missing",
    "version>11",
    "version<13",
    "empty=",
    "empty in (,x)",
    "example.com/team=a",
  ];
  const fails = [
    "app=db",
    "app!=web",
    "missing=",
    "app in (db)",
    "app notin (web)",
    "missing",
    "!app",
    "version>12",
    "app<3",
  ];
  for (const text of holds) {
    it(`holds: ${text}`, () => assert.equal(matchesLabels(parseLabelSelector(text), labels), true));
  }
  for (const text of fails) {
    it(`does not hold: ${text}`, () => assert.equal(matchesLabels(parseLabelSelector(text), labels), false));
  }

  it("takes in and notin as keys and values", () => {
    assert.equal(
      matchesLabels(parseLabelSelector("in=notin,notin in (in)"), { in: "notin", notin: "in" }),
      true,
    );
  });

  it("compares integers beyond 2^53 exactly", () => {
    assert.equal(matchesLabels(parseLabelSelector("n>9007199254740992"), { n: "9007199254740993" }), true);
  });

  it("does not take properties of every object for labels", () => {
    assert.equal(matchesLabels(parseLabelSelector("constructor"), {}), false);
  });
});

describe("a label selector that cannot be read", () => {
  it("is refused in Kubernetes' words", () => {
    assert.equal(refusal("a,"), "unable to parse requirement: found '', expected: identifier after ','");
    assert.equal(
      refusal("=a"),
      "unable to parse requirement: found '=', expected: !, identifier, or 'end of string'",
    );
    assert.equal(
      refusal("a b"),
      "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    );
    assert.equal(
      refusal("a=b c"),
      "unable to parse requirement: found 'c', expected: ',' or 'end of string'",
    );
    assert.equal(refusal("a in (b"), "unable to parse requirement: found '', expected: ',' or ')'");
    assert.match(
      refusal("a>b"),
      /values: Invalid value: \["b"\]: for 'Gt', 'Lt' operators, the value must be an integer/,
    );
    assert.match(refusal("a in ()"), /values set can't be empty/);
    assert.match(
      refusal("-a=b"),
      /key: Invalid value: "-a": name part must consist of alphanumeric characters/,
    );
    assert.match(
      refusal("a=b_"),
      /values\[0\]\[a\]: Invalid value: "b_": a valid label must be an empty string or/,
    );
  });
});

describe("a label selector in a document", () => {
  it("means the same as in a request", () => {
    const selector = labelSelectorOf({
      matchLabels: { a: "1" },
      matchExpressions: [
        { key: "b", operator: "In", values: ["2", "3"] },
        { key: "c", operator: "NotIn", values: ["4"] },
        { key: "d", operator: "Exists" },
        { key: "e", operator: "DoesNotExist" },
      ],
    });
    assert.deepEqual(selector, parseLabelSelector("a=1,b in (2,3),c notin (4),d,!e"));
    assert.deepEqual(equalities(selector), [{ key: "a", value: "1" }]);
    assert.deepEqual(labelSelectorOf({}), []);
  });

  it("is refused with an unknown operator or values where none belong", () => {
    const of = (operator: string, values: string[]) => () =>
      labelSelectorOf({ matchExpressions: [{ key: "a", operator, values }] });
    assert.throws(of("Like", ["b"]), /"Like" is not a valid label selector operator/);
    assert.throws(of("Exists", ["b"]), /values set must be empty for exists and does not exist/);
    assert.throws(of("In", []), /values set can't be empty/);
  });
});

describe("any text as a label selector", () => {
  it("is read or refused with 400", () => {
    const piece = fc.constantFrom(
      "a",
      "b/c",
      "in",
      "notin",
      "=",
      "==",
      "!=",
      "!",
      "(",
      ")",
      ",",
      ">",
      "<",
      " ",
      "1",
      "-",
      "\\",
    );
    fc.assert(fc.property(fc.array(piece).map((parts) => parts.join("")), (text) => {
      try {
        parseLabelSelector(text);
      } catch (error) {
        assert.ok(error instanceof StatusError && error.reason === "BadRequest", String(error));
      }
    }));
  });
});
