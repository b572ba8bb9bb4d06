import assert from "node:assert/strict";
import { describe, it } from "@std/testing/bdd";
import { isJsonObject, type JsonObject, jsonPathOf, type KubeObject } from "../krm/mod.ts";
import { ownDefinitions } from "./crds.ts";
import { OWN_DEFINITIONS } from "./definitions.gen.ts";

const definitions = new Map(
  ownDefinitions().map((definition) => [definition["spec"].names.kind, definition]),
);

function definition(kind: string): KubeObject {
  return definitions.get(kind) ?? assert.fail(`there is no definition of ${kind}`);
}

function version(kind: string) {
  return definition(kind)["spec"].versions[0];
}

function schema(kind: string): JsonObject {
  return version(kind).schema.openAPIV3Schema;
}

/** The node at a path such as `spec.ports[].port`. */
function node(kind: string, path: string): JsonObject {
  let at: unknown = schema(kind);
  for (const name of path.replaceAll("[]", ".[]").split(".")) {
    const { items, properties } = at as { items?: unknown; properties?: Record<string, unknown> };
    at = name === "[]" ? items : properties?.[name];
  }
  return isJsonObject(at) ? at : assert.fail(`${kind} has no ${path}`);
}

/** Every node of a schema with its path. */
function* nodes(at: JsonObject, path: string): Generator<[path: string, node: JsonObject]> {
  yield [path, at];
  const { items, properties, additionalProperties } = at;
  for (const [name, child] of Object.entries(properties ?? {})) yield* nodes(child, `${path}.${name}`);
  if (isJsonObject(items)) yield* nodes(items, `${path}[]`);
  if (isJsonObject(additionalProperties)) yield* nodes(additionalProperties, `${path}.*`);
}

const COMMON = ["type", "description", "default", "enum", "oneOf"];
const KEYWORDS: Record<string, readonly string[]> = {
  object: [...COMMON, "properties", "additionalProperties", "required"],
  array: [...COMMON, "items", "minItems", "maxItems", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"],
  string: [...COMMON, "pattern", "minLength", "maxLength", "format"],
  integer: [...COMMON, "minimum", "maximum"],
  boolean: COMMON,
};

describe("the definition of each of our kinds", () => {
  for (const [kind, { metadata, spec }] of definitions) {
    it(`is named as Kubernetes wants it: ${kind}`, () => {
      assert.equal(metadata.name, `${spec.names.plural}.${spec.group}`);
      assert.equal(spec.names.listKind, `${kind}List`);
      assert.deepEqual(spec.names.categories, ["servicelet"]);
      assert.deepEqual(version(kind).subresources, { status: {} });
    });

    it(`has a structural schema: ${kind}`, () => {
      for (const [path, at] of nodes(schema(kind), kind)) {
        const known = KEYWORDS[String(at["type"])] ?? assert.fail(`${path} has no type`);
        assert.deepEqual(Object.keys(at).filter((keyword) => !known.includes(keyword)), [], path);
        assert.ok(at["type"] !== "array" || isJsonObject(at["items"]), `${path} has no items`);
        assert.ok(!("properties" in at && "additionalProperties" in at), `${path} has both`);
        for (const alternative of (at["oneOf"] ?? []) as JsonObject[]) {
          assert.deepEqual(Object.keys(alternative), ["required"], `${path} only checks values in oneOf`);
        }
      }
      assert.deepEqual(node(kind, "metadata"), { type: "object" });
    });

    it(`requires only fields that exist and have no default: ${kind}`, () => {
      for (const [path, { required = [], properties = {} }] of nodes(schema(kind), kind)) {
        for (const name of required as string[]) {
          const child = (properties as Record<string, JsonObject>)[name];
          assert.ok(child && !("default" in child), `${path}.${name}`);
        }
      }
    });

    it(`tells items of map lists apart by required fields: ${kind}`, () => {
      for (const [path, at] of nodes(schema(kind), kind)) {
        const keys = (at["x-kubernetes-list-map-keys"] ?? []) as string[];
        assert.equal(keys.length > 0, at["x-kubernetes-list-type"] === "map", path);
        const items = at["items"];
        const required = isJsonObject(items) ? items["required"] as string[] : [];
        for (const key of keys) assert.ok(required.includes(key), `${path}[].${key}`);
      }
    });

    it(`describes every field: ${kind}`, () => {
      for (const [path, at] of nodes(schema(kind), kind)) {
        if (/(\[\]|\.\*)$/.test(path) || path === `${kind}.metadata`) continue;
        assert.match(String(at["description"]), /^[A-Z].*\.$/, path);
      }
    });

    it(`prints and selects by fields that exist: ${kind}`, () => {
      const { additionalPrinterColumns, selectableFields = [] } = version(kind);
      for (const { jsonPath } of [...additionalPrinterColumns, ...selectableFields]) {
        jsonPathOf(jsonPath);
        if (jsonPath.startsWith(".metadata.")) continue;
        node(kind, jsonPath.slice(1).replace(/\[\?\(.*?\)\]/g, "[]"));
      }
    });
  }
});

describe("the schema of a ProcessApplication", () => {
  it("wants exactly one of command and artifact, and of httpGet and tcpSocket", () => {
    const either = (a: string, b: string) => [{ required: [a] }, { required: [b] }];
    assert.deepEqual(node("ProcessApplication", "spec")["oneOf"], either("command", "artifact"));
    assert.equal(node("ProcessApplication", "spec")["required"], undefined);
    for (const probe of ["spec.readinessProbe", "spec.livenessProbe"]) {
      assert.deepEqual(node("ProcessApplication", probe)["oneOf"], either("httpGet", "tcpSocket"));
    }
  });

  it("requires spec and bounds numbers only where we do", () => {
    assert.deepEqual(schema("ProcessApplication")["required"], ["spec"]);
    const { type, minimum, maximum } = node("ProcessApplication", "spec.ports[].port");
    assert.deepEqual({ type, minimum, maximum }, { type: "integer", minimum: 1, maximum: 65535 });
    const generation = node("ProcessApplication", "status.observedGeneration");
    assert.deepEqual(Object.keys(generation).sort(), ["description", "type"]);
  });

  it("fills in defaults", () => {
    const defaults = Object.fromEntries(
      [...nodes(schema("ProcessApplication"), "")].flatMap(([path, at]) =>
        "default" in at && !path.includes("liveness") ? [[path, at["default"]]] : []
      ),
    );
    assert.deepEqual(defaults, {
      ".spec.env[].value": "",
      ".spec.readinessProbe.httpGet.path": "/",
      ".spec.readinessProbe.initialDelaySeconds": 0,
      ".spec.readinessProbe.periodSeconds": 10,
      ".spec.readinessProbe.timeoutSeconds": 1,
      ".spec.readinessProbe.failureThreshold": 3,
      ".spec.restartPolicy": "Always",
      ".spec.terminationGracePeriodSeconds": 30,
    });
  });

  it("keys ports and env by name and conditions by type, and keeps regions a set", () => {
    const keys = (path: string) => node("ProcessApplication", path)["x-kubernetes-list-map-keys"];
    assert.deepEqual(["spec.ports", "spec.env", "status.conditions"].map(keys), [["name"], ["name"], [
      "type",
    ]]);
    assert.equal(node("ProcessApplication", "spec.placement.regions")["x-kubernetes-list-type"], "set");
  });

  it("takes labels of any key", () => {
    const { type, additionalProperties } = node("ProcessApplication", "spec.placement.selector.matchLabels");
    assert.deepEqual({ type, additionalProperties }, {
      type: "object",
      additionalProperties: { type: "string" },
    });
  });
});

describe("the schema of a JavaApplication", () => {
  it("requires an artifact and knows nothing of a command", () => {
    const { required, oneOf, properties } = node("JavaApplication", "spec");
    assert.deepEqual([required, oneOf], [["artifact"], undefined]);
    assert.ok(isJsonObject(properties) && !("command" in properties) && "jvmFlags" in properties);
    assert.deepEqual(node("JavaApplication", "spec.artifact.type")["enum"], ["Jar", "Source"]);
  });
});

describe("the definition of ServiceRuntime", () => {
  it("is cluster-wide and fills in an empty spec", () => {
    assert.equal(definition("ServiceRuntime")["spec"].scope, "Cluster");
    assert.equal(schema("ServiceRuntime")["required"], undefined);
    assert.deepEqual(node("ServiceRuntime", "spec")["default"], {});
  });
});

describe("definitions asked for twice", () => {
  it("are separate documents", () => {
    const [first] = ownDefinitions();
    assert.ok(first);
    first["spec"].names.shortNames.push("changed");
    assert.deepEqual(ownDefinitions()[0]?.["spec"].names.shortNames, ["srt"]);
  });
});

describe("the generated file of definitions", () => {
  it("is up to date", () => {
    assert.deepEqual(OWN_DEFINITIONS, ownDefinitions(), "run deno task generate");
  });
});

describe("who imports the kinds' names and types", () => {
  it("does not load zod", async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", new URL("./mod.ts", import.meta.url).href],
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
      modules: { specifier: string; dependencies?: { specifier: string; code?: unknown }[] }[];
    };
    // Imports of types alone have no `code`.
    const own = modules.find(({ specifier }) => specifier.endsWith("/kinds/mod.ts"));
    const loaded = (own?.dependencies ?? []).filter((dependency) => dependency.code);
    assert.deepEqual(loaded.map(({ specifier }) => specifier), ["./names.ts"]);
  });
});
