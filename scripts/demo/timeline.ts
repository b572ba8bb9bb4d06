/** The story as it happens: one line per event, with the milliseconds since the last order was given.
 *
 * @module
 */

/** Where the demo tells what happens. */
export interface Timeline {
  /** Begins a chapter; times count from here. */
  chapter(title: string): void;
  /** Something that happened now. */
  event(subject: string, what: string): void;
  /** Something to know beside the story. */
  note(text: string): void;
}

/** Writes to standard output, in colour where that is a terminal. */
export function createTimeline(): Timeline {
  const colour = Deno.stdout.isTerminal() && !Deno.noColor;
  const paint = (code: number, text: string) => colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  let began = performance.now();
  return {
    chapter(title) {
      console.log(`\n${paint(1, title)}`);
      began = performance.now();
    },
    event(subject, what) {
      const ms = (performance.now() - began).toFixed(0).padStart(6);
      console.log(`${paint(36, `${ms} ms`)}  ${subject.padEnd(10)} ${what}`);
    },
    note(text) {
      console.log(paint(2, text));
    },
  };
}
