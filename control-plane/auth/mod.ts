/** Who makes a request, and what they may do.
 *
 * @module
 */
export { authenticate } from "./authenticate.ts";
export { authorize } from "./authorize.ts";
export { createTokens, digestOf, serviceRuntimeOf } from "./tokens.ts";
export type { Tokens } from "./tokens.ts";
export { kubeconfigText, parseKubeconfig } from "./kubeconfig.ts";
export type { ClientConfig } from "./kubeconfig.ts";
export { randomToken } from "./deno_random_token.ts";
export { openAdministratorToken } from "./deno_administrator_token.ts";
