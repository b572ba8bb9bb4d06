import { TaskError } from "../driver.ts";
import type { Files } from "../ports.ts";
import { readZipDirectory, readZipEntry } from "./zip.ts";

/** What a jar says about the program in it. */
export interface JarFacts {
  /** Class that is started. */
  readonly mainClass: string;
  /** Lowest Java that can load that class; undefined where it is not in this jar. */
  readonly feature: number | undefined;
}

/** Looks into a jar before anything is started with it.
 *
 * @param mainClass of the document; else the manifest's
 * @throws {TaskError} NotAJar, NoMainClass, MainClassNotFound
 */
export async function inspectJar(
  path: string,
  mainClass: string | undefined,
  files: Files,
): Promise<JarFacts> {
  const entries = await readZipDirectory(path, files);
  if (!entries) throw await notAJar(path, files);
  const manifest = await attributes("META-INF/MANIFEST.MF");
  const name = mainClass ?? manifest.get("main-class");
  if (name === undefined) {
    const message =
      "spec.artifact: the jar's manifest names no Main-Class: set spec.mainClass, or build the jar with one";
    throw new TaskError("NoMainClass", message, { terminal: true });
  }
  const entry = entries.get(`${name.replaceAll(".", "/")}.class`);
  if (!entry) {
    // The class may stand in another jar that the manifest names.
    if (manifest.has("class-path")) return { mainClass: name, feature: undefined };
    const where = mainClass === undefined ? "the Main-Class of its manifest" : "spec.mainClass";
    throw new TaskError(
      "MainClassNotFound",
      `spec.artifact: there is no class ${name} (${where}) in the jar`,
      {
        terminal: true,
      },
    );
  }
  const code = await readZipEntry(path, entry, files);
  return { mainClass: name, feature: code && featureOf(code) };

  async function attributes(file: string): Promise<Map<string, string>> {
    const found = entries?.get(file);
    const bytes = found && await readZipEntry(path, found, files);
    return parseManifest(bytes ? new TextDecoder().decode(bytes) : "");
  }
}

/** Main attributes of a manifest, names in lower case.
 *
 * @see https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#jar-manifest
 */
export function parseManifest(text: string): Map<string, string> {
  const main = text.replaceAll("\r\n", "\n").split("\n\n")[0] ?? "";
  const attributes = new Map<string, string>();
  for (const line of main.replaceAll("\n ", "").split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) attributes.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return attributes;
}

/** Major version of a class file less 44 (JVM specification, 4.1). */
function featureOf(code: Uint8Array): number | undefined {
  if (code.length < 8 || code[0] !== 0xca || code[1] !== 0xfe) return undefined;
  return new DataView(code.buffer, code.byteOffset).getUint16(6) - 44;
}

async function notAJar(path: string, files: Files): Promise<TaskError> {
  const start = await files.readBytes(path, 0, 60);
  const text = new TextDecoder().decode(start).trimStart();
  const size = (await files.facts(path))?.size ?? 0;
  const what = start[0] === 0x50 && start[1] === 0x4b
    ? "a zip file without its end: was it cut off?"
    : /^<(!doctype|html)/i.test(text)
    ? "a web page (HTML)"
    : size === 0
    ? "an empty file"
    : `something that begins with ${JSON.stringify(text.replace(/[^\x20-\x7e]/g, ".").slice(0, 20))}`;
  return new TaskError(
    "NotAJar",
    `spec.artifact.url: what came is no jar but ${what} (${size} bytes): correct the address or the file`,
    {
      terminal: false,
    },
  );
}
