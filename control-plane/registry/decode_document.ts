import { invalid, type InvalidField, type Json, type KubeObject } from "@servicelet/shared/krm";
import { decodeMetadata } from "./decode_metadata.ts";
import { apiVersionOf } from "./document_key.ts";
import type { WriteOptions } from "./documents.ts";
import { badRequest } from "./failures.ts";
import { metadataWarnings } from "./metadata_rules.ts";
import type { Resource } from "./resource.ts";

/** A client's document in the shape in which documents are written: apiVersion, kind, metadata, then the rest; fields that nobody
 * knows are gone, and told of as `fieldValidation` says.
 *
 * @throws {StatusError} `BadRequest` for another kind, metadata of wrong types, or unknown fields under Strict
 */
export function decodeDocument(
  resource: Resource,
  input: KubeObject,
  { fieldValidation = "Warn", warn }: WriteOptions,
): KubeObject {
  const apiVersion = apiVersionOf(resource);
  checkKind(resource, input, apiVersion);
  const { apiVersion: _version, kind: _kind, metadata: given, ...rest } = input;
  const { metadata, unknown } = decodeMetadata(given as unknown as Json);
  const document: KubeObject = { apiVersion, kind: resource.kind, metadata, ...rest };
  const pruned = resource.schema?.prune(document) ?? [];

  if (fieldValidation === "Ignore" || unknown.length + pruned.length === 0) return document;
  const complaints = [...unknown, ...pruned].map((path) => `unknown field ${JSON.stringify(path)}`);
  if (fieldValidation === "Strict") {
    throw badRequest(
      `${resource.kind} in version ${
        JSON.stringify(resource.version)
      } cannot be handled as a ${resource.kind}: ` +
        `strict decoding error: ${complaints.join(", ")}`,
    );
  }
  complaints.forEach((complaint) => warn?.(complaint));
  return document;
}

/** Tells the client of what it wrote into metadata that is allowed but unwise; what `old` has was told of before. */
export function warnOfMetadata(document: KubeObject, { warn }: WriteOptions, old?: KubeObject): void {
  const { finalizers } = document.metadata;
  if (!warn || !finalizers) return;
  const added = finalizers.filter((finalizer) => !old?.metadata.finalizers?.includes(finalizer));
  metadataWarnings(added).forEach((text) => warn(text));
}

/** Throws the violations of a document, if there are any. */
export function refuseInvalid(
  resource: Resource,
  document: KubeObject,
  problems: readonly InvalidField[],
): void {
  if (problems.length > 0) throw invalid(resource, document.metadata.name, problems);
}

function checkKind(resource: Resource, input: KubeObject, apiVersion: string): void {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw badRequest(
      `the body must be a ${resource.kind} object: it was ${JSON.stringify(input)?.slice(0, 80)}`,
    );
  }
  if (input.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${
        input.apiVersion ?? ""
      }) does not match the expected API version (${apiVersion})`,
    );
  }
  if (input.kind !== resource.kind) {
    throw badRequest(
      `the kind in the data (${input.kind ?? ""}) does not match the expected kind (${resource.kind})`,
    );
  }
}
