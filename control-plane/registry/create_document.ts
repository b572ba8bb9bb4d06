import { type KubeObject, timestamp } from "@servicelet/shared/krm";
import { StaleRevision } from "../store/mod.ts";
import { commitDocument } from "./commit_document.ts";
import { decodeDocument, refuseInvalid, warnOfMetadata } from "./decode_document.ts";
import type { DocumentPorts } from "./document_ports.ts";
import { documentKey } from "./document_key.ts";
import type { WriteOptions } from "./documents.ts";
import { alreadyExists, badRequest, forbidden, notFound } from "./failures.ts";
import { metadataProblems } from "./metadata_rules.ts";
import { generatedName } from "./generated_name.ts";
import { readSettledDocument } from "./read_document.ts";
import type { Resource } from "./resource.ts";

/** Attempts at finding a free name for a `generateName`. */
const NAME_ATTEMPTS = 8;

/** Writes a new document: decode, prune, default, strategy, validate, store. */
export async function createDocument(
  resource: Resource,
  namespace: string,
  input: KubeObject,
  options: WriteOptions,
  ports: DocumentPorts,
): Promise<KubeObject> {
  const document = decodeDocument(resource, input, options);
  const given = document.metadata;
  if (given.resourceVersion !== undefined) {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
  placeInNamespace(resource, document, namespace);
  if (resource.namespaced) await requireNamespace(resource, document, ports);
  if (given.name === "" && given.generateName === undefined) {
    throw badRequest("name or generateName is required");
  }

  warnOfMetadata(document, options);
  stampNew(resource, document, ports);
  for (let attempt = 1;; attempt++) {
    const generated = given.name === "";
    if (generated) document.metadata.name = generatedName(given.generateName ?? "", ports.random);
    prepare(resource, document);
    if (options.dryRun) return checkFree(resource, document, ports);
    try {
      return await commitDocument(ports.store, { resource, document, expected: 0, deleted: false });
    } catch (error) {
      if (!(error instanceof StaleRevision)) throw error;
      if (generated && attempt < NAME_ATTEMPTS) continue;
      throw alreadyExists(resource, document.metadata.name, generated);
    }
  }
}

function placeInNamespace(resource: Resource, { metadata }: KubeObject, namespace: string): void {
  if (!resource.namespaced) {
    if (metadata.namespace !== undefined) {
      throw badRequest(
        "namespace may not be set on cluster-scoped objects: metadata.namespace must be empty",
      );
    }
    return;
  }
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request: metadata.namespace was ` +
        `${JSON.stringify(metadata.namespace)}, the request's ${JSON.stringify(namespace)}`,
    );
  }
  metadata.namespace = namespace;
}

async function requireNamespace(
  resource: Resource,
  document: KubeObject,
  ports: DocumentPorts,
): Promise<void> {
  const { namespace = "", name } = document.metadata;
  const namespaces = ports.registry.stored("/namespaces");
  if (!namespaces) return;
  const found = await readSettledDocument(ports.cache, {
    resource: namespaces,
    namespace: "",
    name: namespace,
  });
  if (!found) throw notFound(namespaces, namespace);
  if (found.document.metadata.deletionTimestamp === undefined) return;
  throw forbidden(
    resource,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [{
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    }],
  );
}

/** Sets what only the server says; what a client wrote there is replaced. The order of keys is the one they are written in. */
function stampNew(resource: Resource, document: KubeObject, { clock, random }: DocumentPorts): void {
  const { name, generateName, namespace, labels, annotations, ownerReferences, finalizers } =
    document.metadata;
  document.metadata = {
    name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(namespace === undefined ? {} : { namespace }),
    uid: random.uuid(),
    resourceVersion: "",
    ...(resource.strategy.countsGenerations ? { generation: 1 } : {}),
    creationTimestamp: timestamp(clock.now()),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
  };
  if (resource.subresources.includes("status")) delete document["status"];
}

function prepare(resource: Resource, document: KubeObject): void {
  const { schema, strategy } = resource;
  schema?.applyDefaults(document);
  strategy.prepareCreate?.(document);
  const problems = [...metadataProblems(document.metadata, resource), ...schema?.validate(document) ?? []];
  // Rules of the kind may trust the types that its schema has found right.
  if (problems.length === 0) problems.push(...strategy.validate?.(document) ?? []);
  refuseInvalid(resource, document, problems);
}

function checkFree(resource: Resource, document: KubeObject, { cache }: DocumentPorts): KubeObject {
  const { name, namespace = "" } = document.metadata;
  if (cache.get(documentKey(resource, namespace, name))) throw alreadyExists(resource, name, false);
  delete document.metadata.resourceVersion;
  return document;
}
