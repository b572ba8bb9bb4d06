import { InvalidField } from "../krm/mod.ts";
import type { Flag, Flags, ValuesOf } from "./flag.ts";
import { nearest } from "./nearest.ts";

/** An argument known by its place. */
export interface Positional {
  /** In capitals, as the help shows it. */
  readonly name: string;
  /** What it names. */
  readonly description: string;
}

/** A command line worth showing. */
export interface Example {
  /** What it is good for. */
  readonly purpose: string;
  /** As typed in a shell. */
  readonly line: string;
}

/** What a command takes. */
export interface CommandDefinition<F extends Flags = Flags> {
  /** As typed, such as `control-plane token create`. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** What one should know beyond that; paragraphs are separated by empty lines. */
  readonly description?: string;
  /** Each flag may stand in the environment variable of this prefix: `--data-dir` in `CONTROL_PLANE_DATA_DIR`. */
  readonly variables: string;
  /** Its flags by name. */
  readonly flags: F;
  /** All of them must be given. */
  readonly positionals?: readonly Positional[];
  /** Shown at the end of the help. */
  readonly examples?: readonly Example[];
}

/** What a command was given. */
export interface Parsed<F extends Flags> {
  /** True where `--help` was among the arguments. */
  readonly help: boolean;
  /** Values of the flags; where `help` is asked for, nobody should look at them. */
  readonly values: ValuesOf<F>;
  /** Arguments known by their place, in order. */
  readonly positionals: readonly string[];
}

/** A command line that cannot be understood: the message says which part and what to do. Programs end with exit code 2. */
export class UsageError extends Error {
  /** Tells it from other errors. */
  override readonly name = "UsageError";
}

/** Reads flags of the forms `--name value` and `--name=value`; flags win over environment variables, these over defaults.
 * An empty variable counts as absent.
 *
 * @throws {UsageError} for unknown flags, wrong or missing values, too many or too few arguments
 */
export function parseFlags<F extends Flags>(
  definition: CommandDefinition<F>,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed<F> {
  const { given, positionals, help } = sortArguments(definition, args);
  if (help) return { help, values: {} as ValuesOf<F>, positionals };

  const values = Object.entries(definition.flags).map(([name, flag]) => {
    const texts = given.get(name);
    if (texts) return [name, read(flag, texts, `--${name}`)];
    const variable = variableOf(definition, name);
    const text = env[variable];
    if (text) return [name, read(flag, textsOfVariable(flag, text, variable), variable)];
    if (flag.required) {
      throw new UsageError(
        `--${name} is required: give --${name} ${
          placeholder(flag)
        } or set the environment variable ${variable}`,
      );
    }
    return [name, read(flag, flag.default === undefined ? [] : [flag.default], `--${name}`)];
  });
  checkPositionals(definition, positionals);
  return { help, values: Object.fromEntries(values), positionals };
}

/** The environment variable in which a flag may stand. */
export function variableOf({ variables }: Pick<CommandDefinition, "variables">, flag: string): string {
  return `${variables}_${flag.toUpperCase().replaceAll("-", "_")}`;
}

/** What stands for a flag's value in help and messages. */
export function placeholder(flag: Flag<unknown>): string {
  return flag.arity === "none" ? "" : flag.placeholder ?? "VALUE";
}

function sortArguments(definition: CommandDefinition, args: readonly string[]) {
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--help" || arg === "-h") return { given, positionals, help: true };
    if (arg === "--") {
      positionals.push(...rest.splice(0));
    } else if (arg.startsWith("-") && arg !== "-") {
      const { name, flag, text } = split(definition, arg);
      const value = text ?? (flag.arity === "none" ? "true" : rest.shift());
      // A value may start with one dash (a file called -x, a negative number), but a flag is no value.
      if (value === undefined || (text === undefined && value.startsWith("--"))) {
        throw new UsageError(`--${name} needs a value: give --${name} ${placeholder(flag)}`);
      }
      if (flag.arity === "none") truth(value, `--${name}`);
      given.set(name, [...(given.get(name) ?? []), value]);
    } else {
      positionals.push(arg);
    }
  }
  return { given, positionals, help: false };
}

function split(definition: CommandDefinition, arg: string) {
  const [, name, text] = /^--?([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  const flag = arg.startsWith("--") && name !== undefined && Object.hasOwn(definition.flags, name)
    ? definition.flags[name]
    : undefined;
  if (name === undefined || !flag) {
    const guess = nearest(name ?? "", Object.keys(definition.flags));
    throw new UsageError(
      `Unknown flag ${arg.split("=")[0]}${
        guess ? `: did you mean --${guess}?` : ""
      } See ${definition.name} --help`,
    );
  }
  return { name, flag, text };
}

function textsOfVariable(flag: Flag<unknown>, text: string, variable: string): string[] {
  if (flag.arity === "none") truth(text, variable);
  return flag.arity === "many" ? text.split(",").map((part) => part.trim()) : [text];
}

function truth(text: string, path: string): void {
  if (text !== "true" && text !== "false") {
    throw new UsageError(new InvalidField(path, text, "must be true or false").message);
  }
}

function read(flag: Flag<unknown>, texts: readonly string[], path: string): unknown {
  try {
    return flag.value(texts, path);
  } catch (cause) {
    if (cause instanceof InvalidField) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

function checkPositionals(definition: CommandDefinition, given: readonly string[]): void {
  const wanted = definition.positionals ?? [];
  const missing = wanted[given.length];
  if (missing) {
    throw new UsageError(`${missing.name} is missing: ${definition.name} takes ${usageOf(wanted)}`);
  }
  if (given.length > wanted.length) {
    throw new UsageError(
      `Unexpected argument ${JSON.stringify(given[wanted.length])}: ${definition.name} takes ${
        wanted.length === 0 ? "flags only" : usageOf(wanted)
      }. See ${definition.name} --help`,
    );
  }
}

function usageOf(positionals: readonly Positional[]): string {
  return positionals.map(({ name }) => name).join(" ");
}
