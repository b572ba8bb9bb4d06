/** The service coordinator: level-triggered controllers over the documents. Each can be lost at any point and loses nothing.
 *
 * @module
 */
import { startDefinitions } from "./definitions.ts";
import { startEventsExpiry } from "./events_expiry.ts";
import { startLeaseExpiry } from "./lease_expiry.ts";
import { startNamespaces } from "./namespaces.ts";
import type { CoordinatorPorts } from "./ports.ts";
import { startScheduler } from "./scheduler.ts";

export type { CoordinatorPorts } from "./ports.ts";

/** Starts every controller. Disposing ends them after what they are doing. */
export function startCoordinator(ports: CoordinatorPorts): AsyncDisposable {
  const controllers = new AsyncDisposableStack();
  for (
    const start of [startScheduler, startLeaseExpiry, startNamespaces, startDefinitions, startEventsExpiry]
  ) {
    controllers.use(start(ports));
  }
  return controllers;
}
