/** Lets time-outs, signals and other work run during a long synchronous walk, and ends it when it was cancelled. */
export async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
