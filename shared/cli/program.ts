import type { Flags, ValuesOf } from "./flag.ts";
import { helpText } from "./help.ts";
import { nearest } from "./nearest.ts";
import { type CommandDefinition, parseFlags, UsageError } from "./parse_flags.ts";

/** Where a command's words go. */
export interface Terminal {
  /** Standard output: results that a program may read. */
  out(text: string): void;
  /** Standard error. */
  err(text: string): void;
}

/** A command and what it does. Made by {@link command}. */
export interface Command {
  /** What it takes, for reading and for help. */
  readonly definition: CommandDefinition;
  /** Runs it with the arguments after its name; resolves to the exit code. */
  run(
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    terminal: Terminal,
  ): Promise<number>;
}

/** A program with one or more commands. */
export interface Program {
  /** As typed; a command's name is this or starts with this and a space. */
  readonly name: string;
  /** The command named like the program, if any, runs where no other is named. */
  readonly commands: readonly Command[];
}

/** Ties a definition to what it does. `run` may resolve to an exit code other than 0. */
export function command<F extends Flags>(
  definition: CommandDefinition<F>,
  run: (
    given: { values: ValuesOf<F>; positionals: readonly string[] },
    terminal: Terminal,
  ) => Promise<number | void>,
): Command {
  return {
    definition,
    async run(args, env, terminal) {
      return await run(parseFlags(definition, args, env), terminal) ?? 0;
    },
  };
}

/** Finds the command that the arguments name, runs it, and resolves to the exit code: 0, 1 when it failed, 2 when the command line was wrong.
 * Failures are one line on standard error, with every cause. */
export async function runProgram(
  program: Program,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  try {
    const { found, rest } = choose(program, args);
    const beforeDashes = rest.slice(0, rest.indexOf("--") < 0 ? rest.length : rest.indexOf("--"));
    if (beforeDashes.some((arg) => arg === "--help" || arg === "-h")) {
      terminal.out(helpText(found.definition, othersThan(found, program)));
      return 0;
    }
    return await found.run(rest, env, terminal);
  } catch (error) {
    terminal.err(`${program.name}: ${explain(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function choose(program: Program, args: readonly string[]): { found: Command; rest: readonly string[] } {
  const candidates = program.commands
    .map((found) => ({ found, words: wordsOf(found, program) }))
    .filter(({ words }) => words.every((word, i) => args[i] === word))
    .sort((a, b) => b.words.length - a.words.length);
  const best = candidates[0];
  if (best) return { found: best.found, rest: args.slice(best.words.length) };

  const asked = args.filter((arg) => !arg.startsWith("-")).slice(0, 2).join(" ");
  const names = program.commands.map((each) => wordsOf(each, program).join(" "));
  if (args.includes("--help") || args.includes("-h")) {
    // A program without a command of its own name: its first command is the one to show.
    const first = program.commands[0];
    if (first) return { found: first, rest: ["--help"] };
  }
  const guess = nearest(asked, names);
  throw new UsageError(
    `${asked ? `Unknown command ${JSON.stringify(asked)}` : "No command given"}: ${
      guess ? `did you mean ${program.name} ${guess}?` : `it must be one of ${names.join(", ")}`
    }`,
  );
}

function wordsOf({ definition }: Command, program: Program): string[] {
  return definition.name.slice(program.name.length).split(" ").filter(Boolean);
}

function othersThan(command: Command, program: Program): CommandDefinition[] {
  return program.commands.filter((other) => other !== command).map(({ definition }) => definition);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && !error.message.includes(error.cause.message)
    ? `${error.message}: ${explain(error.cause)}`
    : error.message;
}
