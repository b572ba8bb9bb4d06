/** What a test run came to, read from its JUnit report.
 *
 * @module
 */

/** Counts and the names of the cases that did not run here. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  /** Names of ignored cases; a case that needs something of the machine says so in its name. */
  readonly notRun: readonly string[];
}

/** Reads the JUnit report that `deno test --junit-path` writes. */
export function readReport(junit: string): Report {
  let passed = 0;
  let failed = 0;
  const notRun: string[] = [];
  for (
    const [, attributes = "", rest = ""] of junit.matchAll(/<testcase ([^>]*?)(\/>|>[\s\S]*?<\/testcase>)/g)
  ) {
    if (/<(failure|error)\b/.test(rest)) failed++;
    else if (/<skipped\b/.test(rest)) {
      notRun.push(unescape(/(?:^|\s)name="([^"]*)"/.exec(attributes)?.[1] ?? "?"));
    } else passed++;
  }
  return { passed, failed, notRun };
}

function unescape(text: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? "");
}
