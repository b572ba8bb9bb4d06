import type { Exit } from "../driver.ts";

/** Linux signal numbers that end a process; the same on x86-64 and ARM64 (signal(7)). */
const SIGNALS: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
};

/** What is known about an end beside its code. */
export interface ExitContext {
  /** RFC 3339. */
  readonly finishedAt: string;
  /** True where the kernel has killed for lack of memory since the start. */
  readonly outOfMemory: boolean;
  /** Last line of output, if any. */
  readonly lastLine?: string | undefined;
}

/** An exit from the code that the shim recorded: 128 + number where a signal ended the process, as shells count. */
export function exitFrom(code: number, { finishedAt, outOfMemory, lastLine }: ExitContext): Exit {
  if (code === 0) return { code, reason: "Completed", message: "The process ended with code 0.", finishedAt };
  const signal = SIGNALS[code - 128];
  if (signal === "SIGKILL" && outOfMemory) {
    const message =
      "The kernel killed the process for lack of memory (SIGKILL): give it more, or let it use less.";
    return { code, signal, reason: "OutOfMemory", message, finishedAt };
  }
  if (signal) {
    return { code, signal, reason: "Signaled", message: `The process was ended by ${signal}.`, finishedAt };
  }
  const output = lastLine ? ` Its last output: ${lastLine}` : "";
  return { code, reason: "Error", message: `The process ended with code ${code}.${output}`, finishedAt };
}

/** An exit that nobody saw. */
export function lostExit(why: string, finishedAt: string): Exit {
  return { reason: "Lost", message: `The process is gone and its exit code is unknown: ${why}.`, finishedAt };
}

/** The last line in a piece of output that says something, cut to 200 characters. */
export function lastLine(output: string): string | undefined {
  return output.split("\n").map((line) => line.trim()).filter((line) => line !== "").at(-1)?.slice(0, 200);
}
