import { TaskError } from "../driver.ts";
import type { Files } from "../ports.ts";

/** What a command is looked up with. */
export interface CommandLookup {
  /** Value of PATH. */
  readonly path: string;
  /** Absolute; where a relative command with a slash starts from. */
  readonly workingDirectory: string;
  readonly files: Files;
}

/** Absolute path of the program that `command` names, found as a shell finds it.
 *
 * @throws {TaskError} CommandNotFound, CommandNotExecutable, WrongArchitecture
 */
export async function resolveCommand(command: string, lookup: CommandLookup): Promise<string> {
  if (command.startsWith("/")) return await checkExecutable(command, "spec.command[0]", lookup.files);
  if (command.includes("/")) {
    return await checkExecutable(`${lookup.workingDirectory}/${command}`, "spec.command[0]", lookup.files);
  }
  for (const directory of lookup.path.split(":")) {
    const candidate = `${directory}/${command}`;
    const facts = directory.startsWith("/") ? await lookup.files.facts(candidate) : undefined;
    if (facts?.isFile && (facts.mode & 0o111) !== 0) return candidate;
  }
  throw new TaskError(
    "CommandNotFound",
    `spec.command[0]: there is no "${command}" in PATH (${lookup.path}): install it or give an absolute path`,
    { terminal: false },
  );
}

/** Gives the path back when it is an executable file.
 *
 * @param subject what a message begins with: the field that names the program
 */
export async function checkExecutable(path: string, subject: string, files: Files): Promise<string> {
  const facts = await files.facts(path);
  if (!facts) {
    throw new TaskError(
      "CommandNotFound",
      `${subject}: there is no file ${path}: install it or correct the path`,
      {
        terminal: false,
      },
    );
  }
  if (!facts.isFile || (facts.mode & 0o111) === 0) {
    const what = facts.isFile ? "is not executable (chmod +x)" : "is not a file: correct the path";
    throw new TaskError("CommandNotExecutable", `${subject}: ${path} ${what}`, { terminal: false });
  }
  return path;
}

/** Looks whether a program is made for this machine, where it says so: ELF header, e_machine.
 *
 * @param arch as `Deno.build.arch`
 * @throws {TaskError} WrongArchitecture
 */
export async function checkArchitecture(path: string, arch: string, files: Files): Promise<void> {
  const header = await files.readBytes(path, 0, 20);
  if (header.length < 20 || header[0] !== 0x7f || String.fromCharCode(...header.subarray(1, 4)) !== "ELF") {
    return;
  }
  const machine = new DataView(header.buffer, header.byteOffset).getUint16(18, true);
  const made = MACHINES[machine] ?? `machine ${machine}`;
  if (made === arch) return;
  throw new TaskError(
    "WrongArchitecture",
    `Cannot execute ${path}: it is built for ${made}, this machine is ${arch}`,
    {
      terminal: false,
    },
  );
}

/** Values of e_machine in elf(5). */
const MACHINES: Readonly<Record<number, string>> = {
  3: "x86",
  40: "arm",
  62: "x86_64",
  183: "aarch64",
  243: "riscv64",
};

/** @throws {TaskError} WorkingDirectoryMissing */
export async function checkWorkingDirectory(path: string, files: Files): Promise<void> {
  if ((await files.facts(path))?.isDirectory) return;
  throw new TaskError(
    "WorkingDirectoryMissing",
    `spec.workingDirectory: there is no directory ${path}: create it, or leave the field out for one of its own`,
    { terminal: false },
  );
}
