/**
 * Scans one image of a cluster: its names and platforms are tried in order until one is there. Shared by every workload
 * that runs it.
 */
import { FormatError, LimitError, PratiqueError } from '#base';
import type { Report } from '#model';
import type { Keyring } from '#oci';
import type { World } from '#platform';
import { scan, type ScanOptions, type ScanTarget } from '#scan';
import type { ImageTask } from './plan-images.js';

export type TaskOutcome =
  { readonly report: Report; readonly platform: string } | { readonly error: string; readonly code?: string };

export type TaskImage = Pick<ImageTask, 'references' | 'platforms'>;

type Read<T> = (target: ScanTarget, options: ScanOptions, world: World) => Promise<T>;
type Outcome<T> = { readonly found: T; readonly platform: string } | Failure;
type Failure = { readonly error: string; readonly code?: PratiqueError['code'] };

export async function scanTask(
  task: TaskImage,
  keyring: Keyring,
  options: ScanOptions,
  world: World,
): Promise<TaskOutcome> {
  const outcome = await readTask(task, keyring, options, scan, world);
  return 'found' in outcome ? { report: outcome.found, platform: outcome.platform } : outcome;
}

/** `read` gets one name and platform after the other. */
export async function readTask<T>(
  task: TaskImage,
  keyring: Keyring,
  options: ScanOptions,
  read: Read<T>,
  world: World,
): Promise<Outcome<T>> {
  let failure: PratiqueError | undefined;
  for (const name of task.references) {
    for (const platform of task.platforms) {
      try {
        const chosen: ScanOptions = {
          ...options,
          image: { ...options.image, platform, sources: ['remote'] },
          registry: { ...options.registry, keyring },
        };
        return { found: await read({ kind: 'image', name }, chosen, world), platform };
      } catch (error) {
        world.signal.throwIfAborted();
        if (!(error instanceof PratiqueError)) return { error: unexpected(error, name, world) };
        // The first name is the one the workload has.
        failure ??= error;
        if (error.code !== 'registry/no-platform') break;
      }
    }
  }
  return failure ? { error: failure.message, code: failure.code } : { error: 'the image has no name' };
}

function unexpected(error: unknown, name: string, world: World): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FormatError || error instanceof LimitError) return message;
  world.log.error(`a bug in pratique: ${message}`, { image: name });
  if (error instanceof Error && world.log.debugging) world.log.debug(error.stack ?? '');
  return `a bug in pratique: ${message}`;
}
