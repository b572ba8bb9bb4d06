/** What is compiled, and for which machines.
 *
 * @module
 */

/** A program that becomes one file per architecture. */
export interface Program {
  readonly name: string;
  readonly entry: string;
  /** Permissions baked into the file: no more than the program needs. */
  readonly permissions: readonly string[];
}

/** An architecture that programs are compiled for. */
export interface Target {
  /** Name in the file's name. */
  readonly name: string;
  /** Deno's name of the target. */
  readonly triple: string;
  /** `e_machine` of its ELF files. */
  readonly machine: number;
}

/** The programs of this project. */
export const PROGRAMS: readonly Program[] = [
  {
    name: "servicelet",
    entry: "servicelet/main.ts",
    // It reads /proc to know its processes again, which Deno grants only with everything else (runtime/permissions: "Requires all access").
    permissions: ["--allow-all"],
  },
  {
    name: "control-plane",
    entry: "control-plane/main.ts",
    permissions: [
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
    ],
  },
];

/** The architectures of this project. */
export const TARGETS: readonly Target[] = [
  { name: "x86_64", triple: "x86_64-unknown-linux-gnu", machine: 62 },
  { name: "aarch64", triple: "aarch64-unknown-linux-gnu", machine: 183 },
];
