/** The gate before a change is sent: format, lint, types, documentation, tests. Stops at the first that fails.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);
const PUBLIC = ["shared", "runtimes", "servicelet", "control-plane"];

const entries: string[] = [];
for (const folder of PUBLIC) {
  const { exports } = JSON.parse(await Deno.readTextFile(new URL(`${folder}/deno.json`, ROOT)));
  entries.push(...Object.values<string>(exports).map((path) => `${folder}/${path.slice(2)}`));
}

const steps: [name: string, args: string[]][] = [
  ["format", ["fmt", "--check"]],
  ["lint", ["lint"]],
  ["types", ["check"]],
  ["documentation", ["doc", "--lint", ...entries]],
  ["tests", ["run", "-A", "scripts/test/main.ts"]],
];

for (const [name, args] of steps) {
  console.log(`== ${name}: deno ${args.slice(0, 2).join(" ")}`);
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "null" }).spawn().status;
  if (code !== 0) {
    console.error(`${name} failed: mend it and run deno task ok again`);
    Deno.exit(code);
  }
}
console.log("ok");
