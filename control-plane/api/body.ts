import { StatusError } from "@servicelet/shared/krm";
import type { Json } from "@servicelet/shared/krm";

/** Largest body of a request in bytes, as in kube-apiserver. */
const MAX_BODY = 3 * 1024 * 1024;

/** Deepest nesting of a body. What comes after reading goes through documents by recursion, which ends at the size of the stack. */
const MAX_DEPTH = 512;

/** A content type without its parameters, in lower case; JSON where there is none. */
export function contentType(request: Request): string {
  const header = request.headers.get("content-type");
  if (!header) return "application/json";
  const end = header.indexOf(";");
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

/** Reads and parses a document or options body by its content type. An empty body is undefined.
 *
 * @throws {StatusError} `UnsupportedMediaType`, `RequestEntityTooLarge`, `BadRequest` with the position of what is malformed
 */
export async function readBody(request: Request): Promise<Json | undefined> {
  const type = contentType(request);
  if (type !== "application/json" && !isYaml(type)) {
    throw unsupported(type, ["application/json", "application/yaml"]);
  }
  const text = await readText(request);
  if (text.trim() === "") return undefined;
  return isYaml(type) ? await parseYaml(text) : parseJson(text);
}

/** The refusal of a content type. */
export function unsupported(type: string, accepted: readonly string[], why = ""): StatusError {
  return new StatusError(
    "UnsupportedMediaType",
    "the body of the request was in an unknown format - accepted media types include: " +
      `${accepted.join(", ")}: the header Content-Type was ${JSON.stringify(type)}${why}`,
  );
}

/** The body as text.
 *
 * @throws {StatusError} `RequestEntityTooLarge`, `BadRequest` where it is no UTF-8 or breaks off
 */
export async function readText(request: Request): Promise<string> {
  const bytes = await readBytes(request);
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new StatusError("BadRequest", "the body of the request must be UTF-8", { cause });
  }
}

/** Parses JSON.
 *
 * @throws {StatusError} `BadRequest` with line and column
 */
export function parseJson(text: string): Json {
  try {
    return shallow(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof StatusError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StatusError("BadRequest", `the body of the request is not valid JSON: ${message}`, { cause });
  }
}

/** The value itself, level by level found to be of bounded depth. */
function shallow(value: Json): Json {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new StatusError(
        "BadRequest",
        `the body of the request may be nested ${MAX_DEPTH} levels deep at most`,
      );
    }
    level = level.flatMap((parent) =>
      typeof parent === "object" && parent !== null ? Object.values(parent) : []
    );
  }
  return value;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function isYaml(type: string): boolean {
  return type === "application/yaml" || type === "application/x-yaml" || type === "text/yaml";
}

/** Parses the first document of a YAML text; the JSON-compatible subset, duplicate keys are an error.
 *
 * @throws {StatusError} `BadRequest` with line and column
 */
async function parseYaml(text: string): Promise<Json> {
  // Imported when first used: most control planes never read YAML, and it costs start-up time and memory.
  const { parseAllDocuments } = await import("yaml");
  const [document] = parseAllDocuments(text, { uniqueKeys: true, prettyErrors: true });
  if (!document || !("toJS" in document)) return null;
  const [error] = document.errors;
  if (error) {
    throw new StatusError("BadRequest", `the body of the request is not valid YAML: ${error.message}`, {
      cause: error,
    });
  }
  try {
    // Through JSON, so that what JSON does not have (dates, undefined) cannot get in; aliases are bounded against bombs.
    return shallow(JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? "null"));
  } catch (cause) {
    if (cause instanceof StatusError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StatusError("BadRequest", `the body of the request is not valid YAML: ${message}`, { cause });
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const length = request.headers.get("content-length");
  try {
    if (length === null) return await readChunks(request);
    return Number(length) > MAX_BODY ? await refuse(request) : await request.bytes();
  } catch (cause) {
    if (cause instanceof StatusError) throw cause;
    throw new StatusError("BadRequest", "the body of the request broke off before its end", { cause });
  }
}

async function readChunks(request: Request): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > MAX_BODY) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Reads on to the end, within reason: a client that is still sending would see a broken connection in place of the answer. */
async function refuse(request: Request): Promise<never> {
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > 8 * MAX_BODY) break;
  }
  throw tooLarge();
}

function tooLarge(): StatusError {
  return new StatusError(
    "RequestEntityTooLarge",
    `Request entity too large: the body may have at most ${MAX_BODY} bytes (3 MiB)`,
  );
}
