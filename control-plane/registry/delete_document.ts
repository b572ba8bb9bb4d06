import { type KubeObject, timestamp } from "@servicelet/shared/krm";
import { StaleRevision } from "../store/mod.ts";
import { commitDocument, seeFasterWrite } from "./commit_document.ts";
import type { DocumentPorts } from "./document_ports.ts";
import type { Deleted, DeleteOptions, DocumentRef } from "./documents.ts";
import { conflict, notFound } from "./failures.ts";
import { readSettledDocument } from "./read_document.ts";
import type { Resource } from "./resource.ts";
import { isReleased } from "./update_document.ts";

/** Deletes a document, or marks it as being deleted while finalizers hold it. */
export async function deleteDocument(
  ref: DocumentRef,
  options: DeleteOptions,
  ports: DocumentPorts,
): Promise<Deleted> {
  const { resource, name } = ref;
  for (;;) {
    const read = await readSettledDocument(ports.cache, ref);
    if (!read) throw notFound(resource, name);
    const { document, revision: expected } = read;
    checkPreconditions(ref, document, options);
    resource.strategy.checkDelete?.(document);
    const gone = isReleased(resource, document);
    if (!gone) {
      if (document.metadata.deletionTimestamp !== undefined) return { document, gone };
      markAsDeleting(resource, document, timestamp(ports.clock.now()));
    }
    if (options.dryRun) return { document, gone };
    try {
      return {
        document: await commitDocument(ports.store, { resource, document, expected, deleted: gone }),
        gone,
      };
    } catch (error) {
      if (!(error instanceof StaleRevision)) throw error;
      await seeFasterWrite(error, expected, ports.cache);
    }
  }
}

function checkPreconditions(
  { resource, name }: DocumentRef,
  { metadata }: KubeObject,
  { preconditions: { uid, resourceVersion } = {} }: DeleteOptions,
): void {
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = "Precondition failed: ResourceVersion in precondition: " +
      `${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(resource, name, why);
  }
}

function markAsDeleting(resource: Resource, document: KubeObject, now: string): void {
  const { labels, annotations, ownerReferences, finalizers, ...identity } = document.metadata;
  document.metadata = {
    ...identity,
    ...(identity.generation === undefined ? {} : { generation: identity.generation + 1 }),
    deletionTimestamp: now,
    deletionGracePeriodSeconds: 0,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
  };
  resource.strategy.prepareDelete?.(document);
}
