import type { Files } from "../ports.ts";

/** One file within a zip file. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly offset: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;

/** Entries of a zip file by name; undefined where it is none.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7 to 4.3.16
 */
export async function readZipDirectory(
  path: string,
  files: Files,
): Promise<Map<string, ZipEntry> | undefined> {
  const directory = await locateDirectory(path, files);
  if (!directory) return undefined;
  const bytes = await files.readBytes(path, directory.offset, directory.size);
  const view = viewOf(bytes);
  const decoder = new TextDecoder();
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at < directory.size;) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) return undefined;
    const nameLength = view.getUint16(at + 28, true);
    const name = decoder.decode(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.set(name, {
      name,
      method: view.getUint16(at + 10, true),
      compressedSize: view.getUint32(at + 20, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Contents of an entry; undefined where the file is damaged or packed in a way that jars are not. */
export async function readZipEntry(
  path: string,
  entry: ZipEntry,
  files: Files,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const header = await files.readBytes(path, entry.offset, 30);
  if (header.length < 30 || viewOf(header).getUint32(0, true) !== LOCAL_ENTRY) return undefined;
  const start = entry.offset + 30 + viewOf(header).getUint16(26, true) + viewOf(header).getUint16(28, true);
  const bytes = await files.readBytes(path, start, entry.compressedSize);
  if (bytes.length < entry.compressedSize) return undefined;
  if (entry.method === 0) return bytes;
  if (entry.method !== 8) return undefined;
  try {
    const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(inflated).arrayBuffer());
  } catch {
    return undefined;
  }
}

async function locateDirectory(
  path: string,
  files: Files,
): Promise<{ offset: number; size: number } | undefined> {
  const size = (await files.facts(path))?.size ?? 0;
  const from = Math.max(0, size - 65_557);
  const tail = await files.readBytes(path, from, size - from);
  const view = viewOf(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_OF_DIRECTORY) continue;
    const offset = view.getUint32(at + 16, true);
    if (offset !== 0xffffffff) return within(size, { offset, size: view.getUint32(at + 12, true) });
    return await locateDirectory64(path, from + at, files);
  }
  return undefined;
}

async function locateDirectory64(path: string, end: number, files: Files) {
  const locator = viewOf(await files.readBytes(path, end - 20, 20));
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== LOCATOR_64) return undefined;
  const record = viewOf(await files.readBytes(path, Number(locator.getBigUint64(8, true)), 56));
  if (record.byteLength < 56 || record.getUint32(0, true) !== END_OF_DIRECTORY_64) return undefined;
  return within(end, {
    offset: Number(record.getBigUint64(48, true)),
    size: Number(record.getBigUint64(40, true)),
  });
}

function within(limit: number, range: { offset: number; size: number }) {
  return range.offset + range.size <= limit ? range : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
