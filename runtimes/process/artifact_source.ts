import type { Artifact } from "@servicelet/shared/kinds";
import { TaskError } from "../driver.ts";
import type { Files, Network } from "../ports.ts";
import { Sha256 } from "./sha256.ts";

/** What came. */
export interface Received {
  readonly sha256: string;
  readonly bytes: number;
}

/** Where from and where to. */
export interface ReceiveOptions {
  readonly files: Files;
  readonly network: Network;
  readonly signal: AbortSignal;
}

interface Source {
  readonly body: AsyncIterable<Uint8Array>;
  readonly contentType: string | undefined;
}

/** Fetches an artifact into the file `path`, synced, and verifies it.
 *
 * @throws {TaskError} ArtifactNotFound, ArtifactNotReachable, ArtifactNotAFile, ChecksumMismatch; other errors come from the disk
 */
export async function receive(artifact: Artifact, path: string, options: ReceiveOptions): Promise<Received> {
  const { body, contentType } = await openSource(artifact.url, options);
  const digest = new Sha256();
  let bytes = 0;
  let start = new Uint8Array();
  async function* digested(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        digest.update(chunk);
        bytes += chunk.length;
        if (start.length === 0) start = chunk.slice(0, 64);
        yield chunk;
      }
    } catch (cause) {
      options.signal.throwIfAborted();
      throw notReachable(artifact.url, `the answer broke off after ${bytes} bytes`, cause);
    }
  }
  await options.files.writeStream(path, digested());
  const received = { sha256: digest.hex(), bytes };
  verify(artifact, received, isPage(contentType, start));
  return received;
}

function verify({ url, sha256 }: Artifact, received: Received, page: boolean): void {
  const what = `${received.bytes} bytes${page ? " of a web page (HTML)" : ""}`;
  if (sha256 !== undefined && sha256 !== received.sha256) {
    throw new TaskError(
      "ChecksumMismatch",
      `spec.artifact.sha256 is ${sha256}, but ${
        shown(url)
      } gave ${what} with ${received.sha256}: nothing of it was ` +
        "executed; correct the checksum or the file",
      { terminal: false },
    );
  }
  if (sha256 === undefined && (page || received.bytes === 0)) {
    throw new TaskError(
      "ArtifactNotAFile",
      `spec.artifact.url: ${
        shown(url)
      } gave ${what} instead of a program: correct the address, or give spec.artifact.sha256 ` +
        "if this is meant",
      {
        terminal: false,
      },
    );
  }
}

async function openSource(url: string, { files, network, signal }: ReceiveOptions): Promise<Source> {
  signal.throwIfAborted();
  if (url.startsWith("file:")) return { body: await openFile(url, files), contentType: undefined };
  let answer: Response;
  try {
    answer = await network.fetch(url, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw notReachable(url, reasonOf(cause), cause);
  }
  if (answer.ok && answer.body) {
    return { body: answer.body, contentType: answer.headers.get("content-type") ?? undefined };
  }
  await answer.body?.cancel();
  if (answer.status === 404 || answer.status === 410) {
    throw new TaskError(
      "ArtifactNotFound",
      `spec.artifact.url: ${
        shown(url)
      } answered ${answer.status} ${answer.statusText}: correct the address or publish ` +
        "the file there",
      { terminal: false },
    );
  }
  throw notReachable(url, `answered ${answer.status} ${answer.statusText}`.trimEnd());
}

async function openFile(url: string, files: Files): Promise<ReadableStream<Uint8Array>> {
  const path = decodeURIComponent(new URL(url).pathname);
  const facts = await files.facts(path);
  if (!facts) {
    throw new TaskError(
      "ArtifactNotFound",
      `spec.artifact.url: there is no file ${path} on this machine: put it there or correct the address`,
      {
        terminal: false,
      },
    );
  }
  if (!facts.isFile) {
    throw new TaskError("ArtifactNotAFile", `spec.artifact.url: ${path} is not a file: correct the address`, {
      terminal: false,
    });
  }
  try {
    return await files.open(path);
  } catch (cause) {
    throw notReachable(url, reasonOf(cause), cause);
  }
}

function notReachable(url: string, why: string, cause?: unknown): TaskError {
  return new TaskError("ArtifactNotReachable", `spec.artifact.url: cannot fetch ${shown(url)}: ${why}`, {
    terminal: false,
    cause,
  });
}

function reasonOf(cause: unknown): string {
  // What went wrong stands innermost; around it is only "fetch failed".
  if (cause instanceof Error && cause.cause !== undefined) return reasonOf(cause.cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/^error sending request for url \(.*?\): /, "").replace(
    /^error sending request.*?: /,
    "",
  ).replace(/^client error \(\w+\): /, "");
}

function isPage(contentType: string | undefined, start: Uint8Array): boolean {
  const text = new TextDecoder().decode(start).trimStart().toLowerCase();
  return /^text\/html\b/i.test(contentType ?? "") || text.startsWith("<!doctype html") ||
    text.startsWith("<html");
}

/** The address without a password. */
function shown(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}
