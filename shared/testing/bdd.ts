/** `describe`, `it` and hooks with the exports of `@std/testing/bdd`, over `Deno.test`: one `Deno.test` per `it`, so that
 * `--filter`, the counts and the sanitizers see every case (with `node:test` they see only the outermost `describe`).
 *
 * @module
 */

type Body = () => void | Promise<void>;
type Options = Omit<Deno.TestDefinition, "name" | "fn">;

interface Suite {
  readonly name: string;
  readonly parent: Suite | undefined;
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeAll: Body[];
  readonly afterAll: Body[];
  /** Cases in this suite and below that have not ended yet: at zero `afterAll` runs. */
  pending: number;
  started: boolean;
  readonly ignore: boolean;
}

let current: Suite | undefined;

// A case that `--filter` or `ignore` leaves out never counts down its suites: what they opened is closed at the end of the file.
const unfinished = new Set<Suite>();
Deno.test.afterAll(async () => {
  for (const suite of [...unfinished].toReversed()) {
    for (const hook of suite.afterAll.toReversed()) await hook();
  }
});

/** Groups cases: `name` says the situation. */
export function describe(name: string, body: () => void): void;
/** Groups cases with options, such as `{ ignore: true }`, that hold for each of them. */
export function describe(name: string, options: { ignore?: boolean }, body: () => void): void;
export function describe(
  name: string,
  options: { ignore?: boolean } | (() => void),
  body?: () => void,
): void {
  const suite: Suite = {
    name,
    parent: current,
    before: [],
    after: [],
    beforeAll: [],
    afterAll: [],
    pending: 0,
    started: false,
    ignore: (typeof options === "object" && options.ignore === true) || current?.ignore === true,
  };
  current = suite;
  try {
    (typeof options === "function" ? options : body)?.();
  } finally {
    current = suite.parent;
  }
}

/** One case: `name` says the observable result. */
export function it(name: string, body: Body): void;
/** One case with options of `Deno.test`. */
export function it(name: string, options: Options, body: Body): void;
export function it(name: string, options: Options | Body, body?: Body): void {
  const run = typeof options === "function" ? options : body;
  if (!run) throw new TypeError(`Cannot register the case "${name}": it has no body`);
  const suite = current;
  const path = lineage(suite);
  for (const s of path) s.pending++;
  Deno.test({
    // A suite with `beforeAll` holds resources across its cases, which the sanitizers would take for leaks.
    ...(path.some((s) => s.beforeAll.length > 0) ? { sanitizeOps: false, sanitizeResources: false } : {}),
    ...(typeof options === "object" ? options : {}),
    ...(suite?.ignore ? { ignore: true } : {}),
    name: [...path.map((s) => s.name), name].join(" > "),
    fn: () => runCase(path, run),
  });
}

/** Runs before each case of the enclosing suite, outer suites first. */
export function beforeEach(body: Body): void {
  suiteFor("beforeEach").before.push(body);
}

/** Runs after each case of the enclosing suite, inner suites first, also when the case threw. */
export function afterEach(body: Body): void {
  suiteFor("afterEach").after.push(body);
}

/** Runs once before the first case of the enclosing suite; must stand above the cases. */
export function beforeAll(body: Body): void {
  suiteFor("beforeAll").beforeAll.push(body);
}

/** Runs once after the last case of the enclosing suite. */
export function afterAll(body: Body): void {
  suiteFor("afterAll").afterAll.push(body);
}

/** Other name of {@link beforeAll}. */
export const before: typeof beforeAll = beforeAll;
/** Other name of {@link afterAll}. */
export const after: typeof afterAll = afterAll;

async function runCase(path: readonly Suite[], run: Body): Promise<void> {
  const failures: unknown[] = [];
  try {
    for (const suite of path) {
      if (suite.started) continue;
      suite.started = true;
      unfinished.add(suite);
      for (const hook of suite.beforeAll) await hook();
    }
    for (const suite of path) {
      for (const hook of suite.before) await hook();
    }
    await run();
  } catch (cause) {
    failures.push(cause);
  }
  for (const suite of path.toReversed()) {
    for (const hook of suite.after.toReversed()) {
      await Promise.try(hook).catch((cause) => failures.push(cause));
    }
    if (--suite.pending > 0) continue;
    unfinished.delete(suite);
    for (const hook of suite.afterAll.toReversed()) {
      await Promise.try(hook).catch((cause) => failures.push(cause));
    }
  }
  if (failures.length > 1) throw new AggregateError(failures, "The case and its hooks failed");
  if (failures.length === 1) throw failures[0];
}

function suiteFor(hook: string): Suite {
  if (!current) throw new TypeError(`Cannot register ${hook}() outside of describe()`);
  return current;
}

function lineage(suite: Suite | undefined): Suite[] {
  return suite ? [...lineage(suite.parent), suite] : [];
}
