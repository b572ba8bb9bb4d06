import type { Exit } from "../driver.ts";
import type { Files } from "../ports.ts";

/** Code of a JVM that ends itself under `-XX:+ExitOnOutOfMemoryError`; a program may use it too. */
const OUT_OF_MEMORY_CODE = 3;

/** Says more about the end of a JVM: a full heap is told from an ordinary error by what the JVM prints. */
export async function explainExit(exit: Exit, log: string, files: Files): Promise<Exit> {
  if (exit.code !== OUT_OF_MEMORY_CODE || exit.reason !== "Error") return exit;
  const size = (await files.facts(log))?.size ?? 0;
  const from = Math.max(0, size - 4096);
  const output = new TextDecoder().decode(
    await files.readBytes(log, from, size - from).catch(() => new Uint8Array()),
  );
  const cause = /^Terminating due to java\.lang\.OutOfMemoryError: (.*)$/m.exec(output)?.[1];
  if (cause === undefined) return exit;
  return {
    ...exit,
    reason: "OutOfMemory",
    message: `The JVM ended itself for lack of memory (${cause}): raise -Xmx in spec.jvmFlags or ` +
      "spec.resources.requests.memory, or let the program use less.",
  };
}
