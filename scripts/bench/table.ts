import { type Figure, median } from "./measure.ts";

/** The figures as a Markdown table: median, and the range where there are several samples. */
export function toTable(figures: readonly Figure[]): string {
  const lines = figures.map(({ what, unit, samples, goal }) => {
    const range = samples.length > 1 ? `${round(Math.min(...samples))} – ${round(Math.max(...samples))}` : "";
    const wanted = goal ? `${goal.more ? "≥" : "≤"} ${goal.value}` : "";
    return `| ${what} | ${round(median(samples))} ${unit} | ${range} | ${wanted} |`;
  });
  return ["| what | median | range | goal |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function round(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, value >= 1000 ? "," : "");
}
