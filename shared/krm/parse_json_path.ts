/** One step of a path: a field, an item (negative from the end), all children, or those that pass a test. */
export type Step =
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "item"; readonly index: number }
  | { readonly type: "all" }
  | { readonly type: "filter"; readonly test: (child: unknown) => boolean };

type Refuse = (why: string) => never;

const NAME = /(?:\\.|[^\s.[\]{}()\\,|<>=!&'"*])+/y;
const QUOTED = /\[\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\s*\]/y;
const INDEX = /\[\s*(-?\d+)\s*\]/y;
const ALL = /\[\s*\*\s*\]|\.\*/y;
const FILTER =
  /\[\?\(\s*@((?:[^()'"=<>!]|'[^']*'|"[^"]*")*?)\s*(?:(==|!=|<=|>=|<|>)\s*('[^']*'|"[^"]*"|[^\s'"()]+)\s*)?\)\]/y;

/** Steps of an expression.
 *
 * @param refuse is told what is wrong, and throws
 */
export function parseJsonPath(expression: string, refuse: Refuse): Step[] {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(expression)?.[1] ?? expression;
  const text = inner.trim().replace(/^\$/, "");
  if (text === "" || text === ".") return text === "" && inner.trim() === "" ? refuse("it is empty") : [];
  return stepsOf(text, refuse);
}

function stepsOf(text: string, refuse: Refuse): Step[] {
  const steps: Step[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) position = pattern.lastIndex;
    return match;
  };
  while (position < text.length) {
    let match: RegExpExecArray | null;
    if (take(ALL)) {
      steps.push({ type: "all" });
    } else if ((match = take(QUOTED))) {
      steps.push({ type: "field", name: unescaped(match[1] ?? match[2] ?? "") });
    } else if ((match = take(INDEX))) {
      steps.push({ type: "item", index: Number(match[1]) });
    } else if ((match = take(FILTER))) {
      steps.push({ type: "filter", test: testOf(match[1] ?? "", match[2], match[3] ?? "", refuse) });
    } else if (text[position] === ".") {
      position++;
      // `.['a']` is the same as `['a']`.
      if (text[position] === "[") continue;
      match = take(NAME) ?? refuse(`a name must follow character ${position}`);
      steps.push({ type: "field", name: unescaped(match[0]) });
    } else {
      refuse(`it cannot be read from character ${position + 1} on`);
    }
  }
  return steps;
}

/** What a filter asks of a child: that something is at the path, or how it compares with a literal. */
function testOf(
  path: string,
  operator: string | undefined,
  literal: string,
  refuse: Refuse,
): (child: unknown) => boolean {
  const steps = stepsOf(path.trim(), refuse);
  const fields = steps.map((step) => step.type === "field" ? step.name : refuse("a filter compares fields"));
  const read = (child: unknown): unknown => {
    let value = child;
    for (const name of fields) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  };
  if (operator === undefined) return (child) => read(child) !== undefined;
  const wanted = literalOf(literal, refuse);
  return (child) => compare(read(child), operator, wanted);
}

function literalOf(literal: string, refuse: Refuse): string | number | boolean {
  if (/^['"]/.test(literal)) return literal.slice(1, -1);
  if (literal === "true" || literal === "false") return literal === "true";
  const number = Number(literal);
  return Number.isNaN(number) ? refuse(`${literal} must be in quotation marks`) : number;
}

function compare(value: unknown, operator: string, wanted: string | number | boolean): boolean {
  if (typeof value !== typeof wanted) return false;
  const known = value as typeof wanted;
  switch (operator) {
    case "==":
      return known === wanted;
    case "!=":
      return known !== wanted;
    case "<":
      return known < wanted;
    case "<=":
      return known <= wanted;
    case ">":
      return known > wanted;
    default:
      return known >= wanted;
  }
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/gs, "$1");
}
