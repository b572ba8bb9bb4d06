/** The failures of document operations, in the words of Kubernetes: clients switch on reasons, people read messages.
 *
 * @module
 */
import { type StatusCause, StatusError } from "@servicelet/shared/krm";
import type { Resource } from "./resource.ts";

/** `configmaps` or `widgets.example.com`. */
function qualifiedResource(resource: Resource): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** There is no such document. */
export function notFound(resource: Resource, name: string): StatusError {
  return new StatusError("NotFound", `${qualifiedResource(resource)} ${quote(name)} not found`, {
    details: about(resource, name),
  });
}

/** There is such a document already. */
export function alreadyExists(resource: Resource, name: string, generated: boolean): StatusError {
  const details = { ...about(resource, name), ...(generated ? { retryAfterSeconds: 1 } : {}) };
  return new StatusError("AlreadyExists", `${qualifiedResource(resource)} ${quote(name)} already exists`, {
    details,
  });
}

/** The document is not in the state that the caller started from. */
export function conflict(resource: Resource, name: string, why: string): StatusError {
  return new StatusError(
    "Conflict",
    `Operation cannot be fulfilled on ${qualifiedResource(resource)} ${quote(name)}: ${why}`,
    { details: about(resource, name) },
  );
}

/** Why most conflicts arise. */
export const MODIFIED =
  "the object has been modified; please apply your changes to the latest version and try again";

/** The operation is not allowed on this document. */
export function forbidden(
  resource: Resource,
  name: string,
  why: string,
  causes: StatusCause[] = [],
): StatusError {
  const details = { ...about(resource, name), ...(causes.length > 0 ? { causes } : {}) };
  const subject = name === "" ? "" : ` ${quote(name)}`;
  return new StatusError("Forbidden", `${qualifiedResource(resource)}${subject} is forbidden: ${why}`, {
    details,
  });
}

/** The request is malformed. */
export function badRequest(message: string): StatusError {
  return new StatusError("BadRequest", message);
}

function about(resource: Resource, name: string): { name?: string; group?: string; kind: string } {
  return {
    ...(name === "" ? {} : { name }),
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
