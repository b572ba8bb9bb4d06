import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import {
  anyText,
  command,
  flag,
  helpText,
  list,
  oneOf,
  parseFlags,
  runProgram,
  toggle,
  wholeNumber,
} from "./mod.ts";

const definition = {
  name: "orchard",
  summary: "Grows trees.",
  variables: "ORCHARD",
  flags: {
    "tree-kind": flag({
      description: "What to grow.",
      placeholder: "KIND",
      read: oneOf("apple", "pear"),
      default: "apple",
    }),
    rows: flag({
      description: "How many rows.",
      placeholder: "N",
      read: wholeNumber({ min: 1, max: 99 }),
      required: true,
    }),
    owner: flag({ description: "Who owns it.", read: anyText }),
    visitor: list({ description: "Who may come.", read: anyText }),
    fenced: toggle({ description: "Puts a fence around it." }),
  },
  examples: [{ purpose: "A small one", line: "orchard --rows 2" }],
};

describe("a command line that is right", () => {
  it("gives typed values, defaults filled in", () => {
    const { values } = parseFlags(
      definition,
      ["--rows", "3", "--visitor=a", "--visitor", "b", "--fenced"],
      {},
    );
    const rows: number = values.rows;
    assert.equal(rows, 3);
    assert.deepEqual(values, {
      "tree-kind": "apple",
      rows: 3,
      owner: undefined,
      visitor: ["a", "b"],
      fenced: true,
    });
  });

  it("takes what is not given from environment variables; a flag wins", () => {
    const env = {
      ORCHARD_ROWS: "7",
      ORCHARD_TREE_KIND: "pear",
      ORCHARD_VISITOR: "a, b",
      ORCHARD_FENCED: "true",
      ORCHARD_OWNER: "",
    };
    const { values } = parseFlags(definition, ["--tree-kind=apple"], env);
    assert.deepEqual(values, {
      "tree-kind": "apple",
      rows: 7,
      owner: undefined,
      visitor: ["a", "b"],
      fenced: true,
    });
  });
});

describe("a command line that is wrong", () => {
  const wrong: [string, string[], Record<string, string>, RegExp][] = [
    ["unknown flag", ["--row", "3"], {}, /^Unknown flag --row: did you mean --rows\? See orchard --help$/],
    ["unknown flag with nothing near", ["--xyzzy"], {}, /^Unknown flag --xyzzy See/],
    ["wrong number", ["--rows", "many"], {}, /^--rows must be a whole number from 1 to 99: it was "many"$/],
    [
      "wrong word in a variable",
      ["--rows", "1"],
      { ORCHARD_TREE_KIND: "oak" },
      /^ORCHARD_TREE_KIND must be one of apple, pear: it was "oak"$/,
    ],
    [
      "missing flag",
      [],
      {},
      /^--rows is required: give --rows N or set the environment variable ORCHARD_ROWS$/,
    ],
    ["missing value", ["--rows"], {}, /^--rows needs a value: give --rows N$/],
    ["flag in place of a value", ["--owner", "--rows", "1"], {}, /^--owner needs a value/],
    [
      "wrong truth",
      ["--rows", "1", "--fenced=maybe"],
      {},
      /^--fenced must be true or false: it was "maybe"$/,
    ],
    ["one argument too many", ["--rows", "1", "x"], {}, /^Unexpected argument "x": orchard takes flags only/],
  ];
  for (const [what, args, env, message] of wrong) {
    it(`says which: ${what}`, () => {
      assert.throws(() => parseFlags(definition, args, env), { name: "UsageError", message });
    });
  }
});

describe("help", () => {
  it("names usage, every flag with default and variable, and the examples", () => {
    const text = helpText(definition);
    for (
      const part of [
        "Usage: orchard [flags]",
        "--tree-kind KIND",
        "default apple; ORCHARD_TREE_KIND",
        "required; ORCHARD_ROWS",
        "orchard --rows 2",
      ]
    ) {
      assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
    }
  });
});

describe("a program with subcommands", () => {
  const program = {
    name: "orchard",
    commands: [
      command(definition, () => Promise.resolve()),
      command({
        name: "orchard tree plant",
        summary: "Plants one.",
        variables: "ORCHARD",
        flags: {},
        positionals: [{ name: "NAME", description: "Its name." }],
      }, ({ positionals }, { out }) => {
        if (positionals[0] === "rotten") {
          throw new Error("Cannot plant it", { cause: new Error("it is rotten") });
        }
        out(`planted ${positionals[0]}\n`);
        return Promise.resolve();
      }),
    ],
  };
  async function run(...args: string[]) {
    let out = "", err = "";
    const code = await runProgram(program, args, {}, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
    });
    return { code, out, err };
  }

  it("runs the one that is named", async () => {
    assert.deepEqual(await run("tree", "plant", "a1"), { code: 0, out: "planted a1\n", err: "" });
  });
  it("answers 2 and one line where the command line is wrong", async () => {
    assert.deepEqual(await run("tree", "plant"), {
      code: 2,
      out: "",
      err: "orchard: NAME is missing: orchard tree plant takes NAME\n",
    });
  });
  it("answers 1 and every cause where the command failed", async () => {
    assert.deepEqual(await run("tree", "plant", "rotten"), {
      code: 1,
      out: "",
      err: "orchard: Cannot plant it: it is rotten\n",
    });
  });
  it("lists its other commands in its help", async () => {
    const { code, out } = await run("--help");
    assert.equal(code, 0);
    assert.match(out, /Other commands:\n {2}orchard tree plant\n {6}Plants one\./);
  });
});
