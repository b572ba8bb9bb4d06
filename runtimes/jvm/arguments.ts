/** What the defaults for a JVM depend on. */
export interface JvmDefaults {
  /** Directory for crash reports and heap dumps. */
  readonly crashDirectory: string;
  /** Bytes that the document requests, if it does. */
  readonly memory: number | undefined;
  /** Cores of the machine. */
  readonly cores: number;
}

/** Below this HotSpot itself would take the serial collector (its rule for server-class machines). */
const SERVER_CLASS_BYTES = 1_792 * 1024 * 1024;

/** Share of the requested memory that the heap may take; the rest is for code, metaspace, stacks and buffers. */
const HEAP_SHARE = 0.6;

/** Flags for a JVM: what a supervised one should have, then the document's, which win. */
export function jvmArguments(flags: readonly string[], defaults: JvmDefaults): string[] {
  const { crashDirectory, memory, cores } = defaults;
  const mine: string[] = [];
  // A JVM that has lost a thread to a full heap would live on half dead, and nothing would restart it.
  if (!has(flags, /^-XX:[+-](Exit|Crash)OnOutOfMemoryError$/)) mine.push("-XX:+ExitOnOutOfMemoryError");
  if (!has(flags, /^-XX:ErrorFile=/)) mine.push(`-XX:ErrorFile=${crashDirectory}/hs_err_%p.log`);
  // A directory: a dump is not written over an existing file.
  if (!has(flags, /^-XX:HeapDumpPath=/)) mine.push(`-XX:HeapDumpPath=${crashDirectory}`);
  if (memory !== undefined && !has(flags, /^-(Xmx|mx|XX:MaxHeapSize=|XX:MaxRAM)/)) {
    mine.push(`-Xmx${heapFor(memory)}m`);
  }
  const isSmall = cores < 2 || (memory !== undefined && memory < SERVER_CLASS_BYTES);
  if (isSmall && !has(flags, /^-XX:\+Use\w+GC$/)) mine.push("-XX:+UseSerialGC");
  return [...mine, ...flags];
}

function heapFor(memory: number): number {
  return Math.max(8, Math.floor(memory * HEAP_SHARE / 1024 / 1024));
}

function has(flags: readonly string[], pattern: RegExp): boolean {
  return flags.some((flag) => pattern.test(flag));
}
