/** Bytes that go to the network at once: enough that the cost of a chunk does not count, little enough to be held for thousands of readers. */
const CHUNK = 128 * 1024;

/** Joins parts until a chunk is full.
 *
 * @returns undefined at the end */
export function nextChunk(parts: Iterator<Uint8Array>): Uint8Array | undefined {
  const taken: Uint8Array[] = [];
  let size = 0;
  while (size < CHUNK) {
    const { done, value } = parts.next();
    if (done) break;
    taken.push(value);
    size += value.length;
  }
  return size > 0 ? joined(taken, size) : undefined;
}

/** A body of many parts, made as it is read; a small one at once, so that its length is known. */
export function chunkedBody(
  parts: Iterator<Uint8Array>,
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  const first = nextChunk(parts) ?? new Uint8Array();
  if (first.length < CHUNK) return first as Uint8Array<ArrayBuffer>; // made by `joined`
  let next: Uint8Array | undefined = first;
  return new ReadableStream({
    pull(controller) {
      if (next) controller.enqueue(next);
      next = nextChunk(parts);
      if (!next) controller.close();
    },
    cancel() {
      parts.return?.();
    },
  });
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
