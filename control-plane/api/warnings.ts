const MAX_TEXT = 256;
const MAX_TOTAL = 4096;

/** Adds the header `Warning: 299 - "…"` once for each text; kubectl prints them. Long ones are cut once all are more than 4 KiB.
 *
 * @see https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/filters/warning.go
 */
export function addWarnings(headers: Headers, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  const texts = [...new Set(warnings)];
  const tooMuch = texts.reduce((size, text) => size + text.length, 0) > MAX_TOTAL;
  let size = 0;
  for (const text of texts) {
    const cut = tooMuch ? text.slice(0, MAX_TEXT) : text;
    size += cut.length;
    if (size > MAX_TOTAL) return;
    headers.append("warning", `299 - "${headerText(cut)}"`);
  }
}

/** What may stand between quotes in a header: printable ASCII, quotes and backslashes escaped. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").replace(/["\\]/g, "\\$&");
}
