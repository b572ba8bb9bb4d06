import { deepEqual, invalid, InvalidField, type KubeObject, StatusError } from "@servicelet/shared/krm";
import { StaleRevision } from "../store/mod.ts";
import { commitDocument, seeFasterWrite } from "./commit_document.ts";
import type { DocumentPorts } from "./document_ports.ts";
import { decodeDocument, refuseInvalid, warnOfMetadata } from "./decode_document.ts";
import type { DocumentRef, WriteOptions } from "./documents.ts";
import { conflict, MODIFIED, notFound } from "./failures.ts";
import { desireChanged } from "./generation.ts";
import { metadataProblems, metadataUpdateProblems } from "./metadata_rules.ts";
import { readSettledDocument } from "./read_document.ts";
import type { Resource } from "./resource.ts";
import { writtenPart } from "./subresource_parts.ts";

/** Milliseconds for which an update that others keep overtaking goes on. */
const DEADLINE_MS = 30_000;

/** Replaces a document, starting over where another write came between. */
export async function updateDocument(
  ref: DocumentRef,
  change: (current: KubeObject) => KubeObject,
  options: WriteOptions,
  ports: DocumentPorts,
): Promise<KubeObject> {
  const { resource, name } = ref;
  const deadline = ports.clock.monotonic() + DEADLINE_MS;
  for (;;) {
    const read = await readSettledDocument(ports.cache, ref);
    if (!read) throw notFound(resource, name);
    const next = updatedDocument(ref, change, read.document, options);
    if (!next) return read.document;
    const deleted = next.metadata.deletionTimestamp !== undefined && isReleased(resource, next);
    if (options.dryRun) return next;
    try {
      return await commitDocument(ports.store, {
        resource,
        document: next,
        expected: read.revision,
        deleted,
      });
    } catch (error) {
      if (!(error instanceof StaleRevision)) throw error;
      if (ports.clock.monotonic() > deadline) {
        throw new StatusError(
          "Timeout",
          `Cannot update ${error.key}: others kept changing it for 30 seconds`,
          {
            cause: error,
          },
        );
      }
      await seeFasterWrite(error, read.revision, ports.cache);
    }
  }
}

/** True where no finalizer holds a document. */
export function isReleased(resource: Resource, document: KubeObject): boolean {
  return (document.metadata.finalizers ?? []).length === 0 &&
    (resource.strategy.finalizers?.(document) ?? []).length === 0;
}

/** The document that is to be written; undefined where the change changes nothing. */
function updatedDocument(
  ref: DocumentRef,
  change: (current: KubeObject) => KubeObject,
  old: KubeObject,
  options: WriteOptions,
): KubeObject | undefined {
  const { resource } = ref;
  // `change` may alter what it is given: it gets a copy, `old` is what the rest is compared with.
  const wish = decodeDocument(resource, change(structuredClone(old)), options);
  const next = writtenPart(resource, wish, old, options.subresource);
  checkPreconditions(ref, next, old);
  carryOver(next, old);

  const { schema, strategy } = resource;
  schema?.applyDefaults(next);
  if (options.subresource !== "finalize") strategy.prepareUpdate?.(next, old);
  if (strategy.countsGenerations && desireChanged(resource, next, old)) {
    next.metadata.generation = (old.metadata.generation ?? 0) + 1;
  }
  if (deepEqual(next, old)) return undefined;
  const problems = [
    ...metadataUpdateProblems(next.metadata, old.metadata),
    ...metadataProblems(next.metadata, resource),
    ...schema?.validate(next, old) ?? [],
  ];
  // Rules of the kind may trust the types that its schema has found right.
  if (problems.length === 0) problems.push(...strategy.validate?.(next, old) ?? []);
  refuseInvalid(resource, next, problems);
  warnOfMetadata(next, options, old);
  return next;
}

function checkPreconditions(
  { resource, name }: DocumentRef,
  next: KubeObject,
  old: KubeObject,
): void {
  const { resourceVersion, uid } = next.metadata;
  if (uid !== undefined && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (resourceVersion === undefined || resourceVersion === "0") {
    if (resource.strategy.allowUnconditionalUpdate) return;
    throw invalid(resource, name, [
      new InvalidField("metadata.resourceVersion", 0, "must be specified for an update"),
    ]);
  }
  if (!/^[1-9][0-9]*$/.test(resourceVersion)) {
    throw invalid(resource, name, [
      new InvalidField(
        "metadata.resourceVersion",
        resourceVersion,
        "must be a revision that this server gave",
      ),
    ]);
  }
  if (resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name, MODIFIED);
}

/** Puts back what only the server says, in the order in which metadata is written. */
function carryOver(next: KubeObject, old: KubeObject): void {
  const { name, generateName, namespace, labels, annotations, ownerReferences, finalizers } = next.metadata;
  const was = old.metadata;
  const deletionTimestamp = was.deletionTimestamp ?? next.metadata.deletionTimestamp;
  next.metadata = {
    name: name === "" ? was.name : name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(namespace ?? was.namespace) === undefined ? {} : { namespace: namespace ?? was.namespace ?? "" },
    ...(was.uid === undefined ? {} : { uid: was.uid }),
    ...(was.resourceVersion === undefined ? {} : { resourceVersion: was.resourceVersion }),
    ...(was.generation === undefined ? {} : { generation: was.generation }),
    ...(was.creationTimestamp === undefined ? {} : { creationTimestamp: was.creationTimestamp }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(was.deletionGracePeriodSeconds === undefined
      ? {}
      : { deletionGracePeriodSeconds: was.deletionGracePeriodSeconds }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
  };
}
