/** The advisory database of the operator: brought up to date now and then, once for all scans. */
import { FormatError, PratiqueError } from '#base';
import { backoffDelay, cacheDirectory, type World } from '#platform';
import { openDatabase, type ScanOptions } from '#scan';

export interface KeptDatabase {
  /** Changes when its content does; `undefined` before there is one. */
  readonly version: string | undefined;
  /** When it was built, milliseconds since 1970. */
  readonly builtAt: number | undefined;
  /** For scans: they use what is there. */
  readonly scan: ScanOptions;
  run(signal: AbortSignal): Promise<void>;
}

const waiting = { first: 10_000, factor: 2, longest: 600_000 };

export function keepDatabase(
  options: ScanOptions,
  { interval, onChange }: { readonly interval: number; onChange(): void },
  world: World,
): KeptDatabase {
  let version: string | undefined;
  let builtAt: number | undefined;
  let scan = options;

  async function refresh(): Promise<void> {
    const cacheDir = options.cacheDir ?? cacheDirectory(world);
    const { info, close } = await openDatabase(
      { ...options.database, cacheDir, registry: options.registry ?? {} },
      world,
    );
    close();
    const ready = info.kind === 'embedded' ? { embedded: true } : { skipUpdate: true };
    scan = { ...options, database: { ...options.database, ...ready } };
    const at = Date.parse(info.updatedAt ?? '');
    builtAt = Number.isNaN(at) ? undefined : at;
    const found = `${info.kind} ${info.version} ${info.updatedAt ?? ''}`.trim();
    if (found === version) return;
    world.log.info('The advisory database is new', { version: found });
    version = found;
    onChange();
  }

  return {
    get version() {
      return version;
    },
    get builtAt() {
      return builtAt;
    },
    get scan() {
      return scan;
    },
    async run(signal) {
      for (let failures = 0; !signal.aborted;) {
        try {
          await refresh();
          failures = 0;
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof PratiqueError || error instanceof FormatError)) throw error;
          failures++;
          world.log.error('The advisory database cannot be used', { reason: error.message });
        }
        const wait = failures > 0 ? Math.min(interval, backoffDelay(failures - 1, waiting)) : interval;
        await world.clock.sleep(wait, signal).catch(() => {});
      }
    },
  };
}
