/** Longest text that is tried against a pattern; longer ones do not match. Bounds what a pattern with nested repetitions can cost. */
const LONGEST_TRIED = 16_384;

const PUNCTUATION = /^[!-/:-@[-`{-~]$/;
const SYNTAX = /^[\^$\\.*+?()[\]{}|/]$/;
/** Escapes that mean the same in both languages. */
const SHARED_ESCAPES = "dDwWbBnrtfv";

/** Escapes of Go that JavaScript writes otherwise; `\s` is ASCII in Go. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: "(?<![^])",
  z: "(?![^])",
  a: "\\x07",
  s: "[\\t\\n\\f\\r ]",
  S: "[^\\t\\n\\f\\r ]",
};
const CLASS_ESCAPES: Readonly<Record<string, string>> = { a: "\\x07", s: "\\t\\n\\f\\r " };

const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7f",
  blank: "\\t ",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** Compiles a pattern written for Go's `regexp` (RE2 syntax), which is what schemas of Kubernetes carry.
 *
 * @throws {SyntaxError} where it is none
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const expression = translate(pattern);
  return (text) => text.length <= LONGEST_TRIED && expression.test(text);
}

function translate(pattern: string): RegExp {
  const [, given = "", body = ""] = /^(?:\(\?([imsU]+)\))?([^]*)$/.exec(pattern) ?? [];
  if (given.includes("U")) throw new SyntaxError("the flag U (ungreedy) is not supported");
  const dotAll = given.includes("s");
  let result = "";
  for (let i = 0; i < body.length;) {
    const [piece, next] = translateAt(body, i, dotAll);
    result += piece;
    i = next;
  }
  return new RegExp(result, `u${given.includes("i") ? "i" : ""}${given.includes("m") ? "m" : ""}`);
}

/** The translation of what stands at a position, and where it ends. */
function translateAt(body: string, i: number, dotAll: boolean): [string, number] {
  const character = body[i] ?? "";
  if (character === "\\") return escapeAt(body, i);
  if (character === "[") return classAt(body, i);
  if (character === ".") return [dotAll ? "[^]" : "[^\\n]", i + 1];
  if (character === "{" && !/^\{\d+(,\d*)?\}/.test(body.slice(i, i + 16))) return ["\\{", i + 1];
  if (character === "{") {
    const end = body.indexOf("}", i) + 1;
    const bounds = body.slice(i + 1, end - 1).split(",").map(Number);
    if (bounds.some((bound) => bound > 1000)) throw new SyntaxError("a repetition may be at most 1000 times");
    return [body.slice(i, end), end];
  }
  if (character === "}" || character === "]") return [`\\${character}`, i + 1];
  if (character === "(" && body[i + 1] === "?") return groupAt(body, i);
  return [character, i + 1];
}

function groupAt(body: string, i: number): [string, number] {
  const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(body.slice(i, i + 80));
  if (named) return [`(?<${named[1]}>`, i + named[0].length];
  if (body.startsWith("(?:", i)) return ["(?:", i + 3];
  const flags = /^\(\?([ims]*)(-[ims]+)?:/.exec(body.slice(i, i + 12));
  if (flags) return [flags[0], i + flags[0].length];
  throw new SyntaxError(`invalid or unsupported Perl syntax: ${JSON.stringify(body.slice(i, i + 3))}`);
}

function escapeAt(body: string, i: number): [string, number] {
  const quoted = /^\\Q([^]*?)(?:\\E|$)/.exec(body.slice(i));
  if (quoted) return [(quoted[1] ?? "").replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&"), i + quoted[0].length];
  const shared = sharedEscape(body, i);
  if (shared) return shared;
  const next = body[i + 1] ?? "";
  if (ESCAPES[next] !== undefined) return [ESCAPES[next], i + 2];
  throw new SyntaxError(`invalid escape sequence: \\${next}`);
}

function sharedEscape(body: string, i: number): [string, number] | undefined {
  const next = body[i + 1];
  if (next === undefined) throw new SyntaxError("trailing backslash at end of expression");
  if (SHARED_ESCAPES.includes(next)) return [`\\${next}`, i + 2];
  if (PUNCTUATION.test(next)) return [SYNTAX.test(next) || next === "-" ? punctuation(next) : next, i + 2];
  const code = /^\\x(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2}))/.exec(body.slice(i, i + 12));
  if (code) return [`\\u{${code[1] ?? code[2]}}`, i + code[0].length];
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(body.slice(i, i + 4));
  if (octal) return [`\\u{${parseInt(octal[1] ?? "0", 8).toString(16)}}`, i + octal[0].length];
  const property = /^\\([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/.exec(body.slice(i, i + 40));
  if (!property) return undefined;
  const negated = (property[1] === "P") !== (property[2] === "^");
  const name = property[3] ?? property[4] ?? "";
  // Go names general categories by one or two letters, and scripts by their name.
  return [`\\${negated ? "P" : "p"}{${name.length <= 2 ? name : `Script=${name}`}}`, i + property[0].length];
}

function punctuation(character: string): string {
  return character === "-" ? "\\x2d" : `\\${character}`;
}

function classAt(body: string, start: number): [string, number] {
  let i = start + 1;
  let result = "[";
  if (body[i] === "^") {
    result += "^";
    i++;
  }
  for (let first = true; i < body.length; first = false) {
    const character = body[i] ?? "";
    if (character === "]" && !first) return [`${result}]`, i + 1];
    const posix = /^\[:(\w+):\]/.exec(body.slice(i, i + 12));
    if (posix) {
      const set = POSIX[posix[1] ?? ""];
      if (set === undefined) throw new SyntaxError(`invalid character class range: ${posix[0]}`);
      result += set;
      i += posix[0].length;
    } else if (character === "\\") {
      const next = body[i + 1] ?? "";
      const [piece, end] = CLASS_ESCAPES[next] !== undefined
        ? [CLASS_ESCAPES[next], i + 2]
        : classEscape(body, i);
      result += piece;
      i = end;
    } else {
      // Also what is no syntax to Go: a bracket that opens, a dash that no range follows.
      const plainDash = character === "-" && (first || body[i + 1] === "]" || isAfterSet(body, i));
      result += character === "[" || character === "]" || plainDash ? `\\${character}` : character;
      i++;
    }
  }
  throw new SyntaxError("missing closing ]");
}

function classEscape(body: string, i: number): [string, number] {
  if (body[i + 1] === "b" || body[i + 1] === "B") {
    throw new SyntaxError("invalid escape sequence: \\b in a class");
  }
  const shared = sharedEscape(body, i);
  if (shared) return shared;
  throw new SyntaxError(`invalid escape sequence: \\${body[i + 1] ?? ""}`);
}

/** A dash after `\w` and the like stands for itself. */
function isAfterSet(body: string, i: number): boolean {
  return body[i - 2] === "\\" && "dDwWsSpP".includes(body[i - 1] ?? "") && body[i - 3] !== "\\";
}
