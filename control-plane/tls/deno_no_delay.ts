/** `Deno.serve` leaves Nagle's algorithm on under TLS, which costs 40 ms for every answer that leaves in two segments
 * (https://github.com/denoland/deno/issues/35581). Linux hands TCP_NODELAY down from a listening socket to those that it accepts, so it is
 * enough to set it there, once.
 *
 * @module
 */
import type { Log } from "@servicelet/shared/ports";

// The numbers of Linux, the same on x86-64 and ARM64.
const SOL_SOCKET = 1;
const SO_ACCEPTCONN = 30;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
/** A listening socket is opened early: its descriptor is small. */
const MOST_DESCRIPTORS = 4096;

const SYMBOLS = {
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
} as const;

type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** Switches Nagle's algorithm off for every connection that this process accepts at `port` from now on. Where that is not possible it says so
 * once: everything works, but slowly. Answers whether it was. */
export function switchOffDelay(port: number, log: Log): boolean {
  try {
    if (Deno.build.os !== "linux") throw new Error(`this is ${Deno.build.os}, not linux`);
    const library = Deno.dlopen("libc.so.6", SYMBOLS);
    try {
      setNoDelay(library.symbols, port);
    } finally {
      library.close();
    }
    return true;
  } catch (error) {
    log.warn("Cannot switch off Nagle's algorithm: answers of more than 1 KB take 40 ms longer", { error });
    return false;
  }
}

function setNoDelay(libc: Libc, port: number): void {
  const socket = listeningSocket(libc, port);
  if (socket === undefined) throw new Error(`no listening socket of port ${port} was found`);
  if (libc.setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, new Int32Array([1]), 4) !== 0) {
    throw new Error(`setsockopt failed for descriptor ${socket}`);
  }
}

/** The first is the only one, and looking at thousands of descriptors takes longer than all else that a server's start does. */
function listeningSocket(libc: Libc, port: number): number | undefined {
  for (let descriptor = 3; descriptor < MOST_DESCRIPTORS; descriptor++) {
    if (portOf(libc, descriptor) === port && isListening(libc, descriptor)) return descriptor;
  }
  return undefined;
}

/** Local port of an internet socket; undefined for everything else. */
function portOf(libc: Libc, descriptor: number): number | undefined {
  const address = new DataView(new ArrayBuffer(128));
  if (libc.getsockname(descriptor, address, new Uint32Array([128])) !== 0) return undefined;
  const family = address.getUint16(0, true);
  const [AF_INET, AF_INET6] = [2, 10];
  return family === AF_INET || family === AF_INET6 ? address.getUint16(2) : undefined;
}

function isListening(libc: Libc, descriptor: number): boolean {
  const value = new Int32Array(1);
  return libc.getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, value, new Uint32Array([4])) === 0 &&
    value[0] === 1;
}
