import { type CommandDefinition, placeholder, variableOf } from "./parse_flags.ts";

const WIDTH = 100;

/** The text of `--help`. `others` are further commands of the same program. */
export function helpText(definition: CommandDefinition, others: readonly CommandDefinition[] = []): string {
  const { name, summary, description, flags, positionals = [], examples = [] } = definition;
  const usage = [name, ...positionals.map((p) => p.name), Object.keys(flags).length > 0 ? "[flags]" : ""];
  const sections = [
    wrap(summary, 0),
    `Usage: ${usage.filter(Boolean).join(" ")}`,
    ...(description ?? "").split("\n\n").filter(Boolean).map((paragraph) => wrap(paragraph, 0)),
    section("Arguments", positionals.map((p) => [p.name, p.description])),
    section("Flags (each also as environment variable; a flag wins)", flagRows(definition)),
    section("Other commands", others.map((other) => [other.name, other.summary])),
    examples.length === 0
      ? ""
      : ["Examples:", ...examples.flatMap(({ purpose, line }) => [`  # ${purpose}`, `  ${line}`])].join("\n"),
  ];
  return sections.filter(Boolean).join("\n\n") + "\n";
}

function flagRows(definition: CommandDefinition): [string, string][] {
  const rows = Object.entries(definition.flags).map(([name, flag]): [string, string] => {
    const notes = [
      flag.required ? "required" : "",
      flag.default === undefined ? "" : `default ${flag.default}`,
      flag.arity === "many" ? "may be repeated" : "",
      variableOf(definition, name),
    ];
    return [
      `--${name} ${placeholder(flag)}`.trimEnd(),
      `${flag.description} (${notes.filter(Boolean).join("; ")})`,
    ];
  });
  return [...rows, ["--help", "Prints this."]];
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left}\n${wrap(right, 6)}`)].join("\n");
}

function wrap(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(margin + line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, margin + line].join("\n");
}
