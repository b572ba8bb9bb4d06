/** Reads a flag's text. `path` names where it stood, `--listen` or `CONTROL_PLANE_LISTEN`.
 *
 * @throws {InvalidField} at `path`, when the text will not do
 */
export type Reader<T> = (text: string, path: string) => T;

/** What every flag says about itself. */
export interface FlagText {
  /** One or two sentences: what it does, in which unit. */
  readonly description: string;
  /** Stands for the value in the help, such as `HOST:PORT`. */
  readonly placeholder?: string;
}

/** A flag whose value has type `T`. Made by {@link flag}, {@link list} and {@link toggle}. */
export interface Flag<T> extends FlagText {
  /** How many values one use of it takes, or that it may be repeated. */
  readonly arity: "one" | "many" | "none";
  /** Text that is read where none was given. */
  readonly default: string | undefined;
  /** True where leaving it out is an error. */
  readonly required: boolean;
  /** Makes the value of all texts given; of none where the flag is absent and has no default. */
  value(texts: readonly string[], path: string): T;
}

/** Flags of a command by name, without the dashes. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The values of flags. */
export type ValuesOf<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** A flag with one value. */
export function flag<T>(options: FlagText & { read: Reader<T>; default: string }): Flag<T>;
/** A flag with one value that must be given. */
export function flag<T>(options: FlagText & { read: Reader<T>; required: true }): Flag<T>;
/** A flag with one value that may be left out. */
export function flag<T>(options: FlagText & { read: Reader<T> }): Flag<T | undefined>;
export function flag<T>(
  { read, default: fallback, required = false, ...text }: FlagText & {
    read: Reader<T>;
    default?: string;
    required?: boolean;
  },
): Flag<T | undefined> {
  return {
    ...text,
    arity: "one",
    default: fallback,
    required,
    value: (texts, path) => texts.map((one) => read(one, path)).at(-1),
  };
}

/** A flag that may be given several times; in an environment variable its values are separated by commas. */
export function list<T>({ read, ...text }: FlagText & { read: Reader<T> }): Flag<readonly T[]> {
  return {
    ...text,
    arity: "many",
    default: undefined,
    required: false,
    value: (texts, path) => texts.map((one) => read(one, path)),
  };
}

/** A flag without a value: there or not. An environment variable says `true` or `false`. */
export function toggle(text: FlagText): Flag<boolean> {
  return {
    ...text,
    arity: "none",
    default: undefined,
    required: false,
    value: (texts) => texts.at(-1) === "true",
  };
}
