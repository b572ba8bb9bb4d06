/** The program that stands between the servicelet and a workload: parent of the workload, leader of its session and group. It
 * outlives the servicelet, and is the only one that can learn the workload's exit code.
 *
 * What it does, in order, and why it may be killed anywhere:
 * 1. It claims the run by creating `claim`, which exactly one can do. A servicelet that finds a run without a record takes
 *    the claim itself: then a shim that comes late gives up, and nothing ever runs twice.
 * 2. Its child writes its own line of /proc/self/stat to `process`, then becomes the workload: no workload without a record.
 * 3. It waits and writes the exit code to the exit file; the time is the file's.
 *
 * Records are written over files that already exist with enough blanks, in one write and ending in a mark: a reader sees
 * nothing or everything, a full disk does not lose an exit code, and no second program is needed, as `mv` would be.
 *
 * @module
 */

const SHIM = `trap '' 1 2 3 10 12 13 14 15
set -C
printf %s "$$" >"$1/claim" || exit 125
set +C
(
trap - 1 2 3 10 12 14 15
read -r servicelet_stat </proc/self/stat
printf '%s end\\n' "$servicelet_stat" 1<>"$1/process"
printf '%s\\n' "$servicelet_stat"
trap - 13
servicelet_log=$3
shift 3
exec "$@" >>"$servicelet_log" 2>&1
)
servicelet_code=$?
printf '%s end\\n' "$servicelet_code" 1<>"$2"
exit "$servicelet_code"
`;

/** What a record file holds before it is written. */
export const BLANK_RECORD: string = " ".repeat(511) + "\n";

/** Arguments of the shim.
 *
 * @param run directory with `claim` and `process` @param exit file for the exit code @param log file that output is appended to
 */
export function shimArguments(
  run: string,
  exit: string,
  log: string,
  argv: readonly string[],
): readonly string[] {
  // The text goes along as an argument: a script file could change under a running shell when the servicelet is updated.
  return ["/bin/sh", "-c", SHIM, "servicelet-shim", run, exit, log, ...argv];
}

/** The text of a record that was written completely; undefined for any other. */
export function parseRecord(text: string | undefined): string | undefined {
  const end = text?.indexOf(" end\n") ?? -1;
  return text === undefined || end < 0 ? undefined : text.slice(0, end);
}
