/** A time as documents carry it: RFC 3339 in UTC with seconds, such as `2026-03-01T12:00:00Z`.
 *
 * @param now milliseconds since 1970; parts of a second are dropped
 */
export function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** A time with microseconds, as Leases and Events carry it, such as `2026-03-01T12:00:00.123000Z`.
 *
 * @param now milliseconds since 1970
 */
export function microTimestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 23)}000Z`;
}
