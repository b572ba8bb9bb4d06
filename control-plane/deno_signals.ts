/** Resolves with the name of the first signal that tells this process to end. A second one ends it at once. */
export async function untilSignal(): Promise<Deno.Signal> {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) =>
    [signal, () => resolve(signal)] as const
  );
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  const first = await promise;
  for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  return first;
}
