/** A program that starts one task in the directory it is given and is killed at some moment; prints a line when it is about to start. */
import { processDriver } from "../process/mod.ts";
import { realOptions, taskOf } from "./rig.ts";

const [directory = ""] = Deno.args;
const driver = processDriver(realOptions(directory));
const task = taskOf("ProcessApplication", "app", { command: ["sleep", "1000"] });
const prepared = await driver.prepare(task, new AbortController().signal);
Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
await driver.start(task, prepared);
await new Promise((resolve) => setTimeout(resolve, 1_000_000));
