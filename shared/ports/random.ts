/** Chance as code sees it, so that a simulation can repeat it. */
export interface Random {
  /** A number from 0 up to, but not, 1. */
  next(): number;
  /** An RFC 9562 UUID, version 4. */
  uuid(): string;
}
