import type { Log } from "./log.ts";

/** Writes one JSON object per line to standard error: time, level, message, then the fields.
 *
 * @param fields stand in every line
 */
export function jsonLog(fields: Record<string, unknown> = {}): Log {
  const encoder = new TextEncoder();
  const write = (level: string) => (message: string, more?: Record<string, unknown>): void => {
    const line = { time: new Date().toISOString(), level, message, ...fields, ...plain(more) };
    Deno.stderr.writeSync(encoder.encode(JSON.stringify(line) + "\n"));
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}

/** Says nothing. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };

function plain(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? describe(value) : value]),
  );
}

function describe(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${describe(error.cause)}` : error.message;
}
