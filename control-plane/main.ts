/** The control plane as a program. Importing it runs it.
 *
 * @module
 */
import { runProgram } from "@servicelet/shared/cli";
import { serve } from "./commands/serve.ts";
import { tokenCreate } from "./commands/token_create.ts";
import { serveOnDeploy } from "./deno_deploy.ts";

const env = Deno.env.toObject();

if (env["DENO_DEPLOYMENT_ID"]) {
  await serveOnDeploy(env);
} else {
  const encoder = new TextEncoder();
  const program = { name: "control-plane", commands: [serve(), tokenCreate()] };
  const code = await runProgram(program, Deno.args, env, {
    out: (text) => void Deno.stdout.writeSync(encoder.encode(text)),
    err: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
  });
  Deno.exit(code);
}
