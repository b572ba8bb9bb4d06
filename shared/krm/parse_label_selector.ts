import { type LabelRequirement, type LabelSelector, requirementOf } from "./label_selector.ts";
import { StatusError } from "./status_error.ts";

/** The selector that a `labelSelector` parameter says: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`,
 * joined by commas.
 *
 * @throws {StatusError} `BadRequest`, with Kubernetes' words for what is wrong
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api
 */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = tokensOf(text);
  const requirements: LabelRequirement[] = [];
  if (tokens.peek() === END) return requirements;
  while (true) {
    if (!isIdentifier(tokens.peek()) && tokens.peek() !== "!") {
      throw unparsable(
        tokens.peek(),
        requirements.length > 0 ? "identifier after ','" : "!, identifier, or 'end of string'",
      );
    }
    requirements.push(parseRequirement(tokens));
    const separator = tokens.next();
    if (separator === END) return requirements;
    if (separator !== ",") throw unparsable(separator, "',' or 'end of string'");
  }
}

/** What stands after the last token. */
const END = "";

interface Tokens {
  peek(): string;
  next(): string;
}

const BINARY = new Map<string, LabelRequirement["operator"]>([
  ["in", "in"],
  ["notin", "notin"],
  ["=", "in"],
  ["==", "in"],
  ["!=", "notin"],
  [">", "gt"],
  ["<", "lt"],
]);

function parseRequirement(tokens: Tokens): LabelRequirement {
  const negated = tokens.peek() === "!";
  if (negated) tokens.next();
  const key = tokens.next();
  if (!isIdentifier(key)) throw unparsable(key, "identifier");
  if (negated) return checked(key, "!", []);
  if (tokens.peek() === END || tokens.peek() === ",") return checked(key, "exists", []);

  const sign = tokens.next();
  const operator = BINARY.get(sign);
  if (!operator) throw unparsable(sign, "in, notin, =, ==, !=, gt, lt");
  return checked(
    key,
    operator,
    sign === "in" || sign === "notin" ? parseValues(tokens) : [parseValue(tokens)],
  );
}

function parseValue(tokens: Tokens): string {
  if (tokens.peek() === END || tokens.peek() === ",") return "";
  const value = tokens.next();
  if (!isIdentifier(value)) throw unparsable(value, "identifier");
  return value;
}

/** Empty places between commas are the empty value. */
function parseValues(tokens: Tokens): string[] {
  const open = tokens.next();
  if (open !== "(") throw unparsable(open, "'('");
  if (tokens.peek() === ")") {
    tokens.next();
    return [];
  }
  const values = new Set<string>();
  while (true) {
    values.add(tokens.peek() === "," || tokens.peek() === ")" ? "" : tokens.next());
    const separator = tokens.next();
    if (separator === ")") return [...values].sort();
    if (separator !== ",") throw unparsable(separator, "',' or ')'");
  }
}

function checked(key: string, operator: LabelRequirement["operator"], values: string[]): LabelRequirement {
  try {
    return requirementOf(key, operator, values);
  } catch (cause) {
    if (!(cause instanceof StatusError)) throw cause;
    throw new StatusError("BadRequest", `unable to parse requirement: ${cause.message}`, { cause });
  }
}

function tokensOf(text: string): Tokens {
  const tokens = text.match(/==|!=|[=!(),><]|[^=!(),><\s]+/g) ?? [];
  let position = 0;
  return {
    peek: () => tokens[position] ?? END,
    next: () => tokens[position++] ?? END,
  };
}

function isIdentifier(token: string): boolean {
  return token !== END && !/^[=!(),><]/.test(token);
}

function unparsable(found: string, expected: string): StatusError {
  return new StatusError(
    "BadRequest",
    `unable to parse requirement: found '${found}', expected: ${expected}`,
  );
}
