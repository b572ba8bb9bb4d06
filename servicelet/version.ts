import workspace from "./deno.json" with { type: "json" };

/** Version of the servicelet. */
export const VERSION: string = workspace.version;
