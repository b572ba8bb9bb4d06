/** House rules that keep effects at the edge and dependencies one-way. Loaded by `deno lint`.
 *
 * @module
 */
import { allowedPackages, mayTouchThePlatform } from "./rules.ts";

const PLATFORM_CALLS: Record<string, readonly string[]> = {
  Date: ["now"],
  Math: ["random"],
  performance: ["now"],
  crypto: ["randomUUID", "getRandomValues"],
};
const PLATFORM_FUNCTIONS = ["setTimeout", "setInterval", "fetch"];
const PLATFORM_MODULES =
  /^node:(fs|child_process|net|http|https|http2|tls|dgram|process|timers|sqlite|os)(\/|$)/;
// Pure parts of the namespace: classes of errors and types say nothing about the outside.
const PURE_DENO = ["errors"];

const plugin: Deno.lint.Plugin = {
  name: "servicelet",
  rules: {
    "effects-at-the-edge": {
      create(context) {
        if (mayTouchThePlatform(context.filename)) return {};
        const report = (node: Deno.lint.Node, what: string) =>
          context.report({
            node,
            message: `${what} is an effect: take it through a port (shared/ports)`,
            hint: "Only adapters (deno_*.ts), entry points (main.ts), scripts and tests touch the platform.",
          });
        return {
          MemberExpression(node) {
            if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
            const { name: object } = node.object;
            const { name: property } = node.property;
            if (object === "Deno" && !PURE_DENO.includes(property)) report(node, `Deno.${property}`);
            if (PLATFORM_CALLS[object]?.includes(property)) report(node, `${object}.${property}`);
          },
          CallExpression(node) {
            if (node.callee.type === "Identifier" && PLATFORM_FUNCTIONS.includes(node.callee.name)) {
              report(node, `${node.callee.name}()`);
            }
          },
          NewExpression(node) {
            if (
              node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0
            ) {
              report(node, "new Date()");
            }
          },
          ImportDeclaration(node) {
            if (PLATFORM_MODULES.test(node.source.value)) report(node, node.source.value);
          },
        };
      },
    },
    "one-way-dependencies": {
      create(context) {
        const allowed = allowedPackages(context.filename);
        if (!allowed) return {};
        const check = (node: Deno.lint.Node, source: string) => {
          const name = /^@servicelet\/([^/]+)/.exec(source)?.[1];
          if (name && !allowed.includes(name)) {
            context.report({
              node,
              message: `${source} must not be imported here: this folder may use ${allowed.join(", ")}`,
              hint: "shared <- runtimes <- servicelet; shared <- control-plane; nothing across.",
            });
          }
          if (/^(\.\.\/)+(control-plane|servicelet|runtimes|shared|scripts|tests)\//.test(source)) {
            context.report({ node, message: `${source} must be imported by its package name` });
          }
        };
        return {
          ImportDeclaration: (node) => check(node, node.source.value),
          ExportNamedDeclaration: (node) => node.source && check(node, node.source.value),
          ExportAllDeclaration: (node) => check(node, node.source.value),
          ImportExpression: (node) =>
            node.source.type === "Literal" && typeof node.source.value === "string" &&
            check(node, node.source.value),
        };
      },
    },
  },
};

export default plugin;
