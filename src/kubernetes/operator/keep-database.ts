/** The advisory database of the operator: brought up to date now and then, and open once for all that is compared with it. */
import { FormatError, PratiqueError } from '#base';
import { backoffDelay, type World } from '#platform';
import { type Assessor, openAssessor, type ScanOptions } from '#scan';

export interface KeptDatabase {
  /** Changes when its content does; `undefined` before there is one. */
  readonly version: string | undefined;
  /** When it was built, milliseconds since 1970. */
  readonly builtAt: number | undefined;
  /** Open for as long as `work` takes, also when a newer one comes in between. */
  use<T>(work: (assessor: Assessor, version: string) => Promise<T>): Promise<T>;
  run(signal: AbortSignal): Promise<void>;
}

interface Opened {
  readonly assessor: Assessor;
  readonly version: string;
  users: number;
  isOld: boolean;
}

const waiting = { first: 10_000, factor: 2, longest: 600_000 };

export function keepDatabase(
  options: ScanOptions,
  { interval, onChange }: { readonly interval: number; onChange(): void },
  world: World,
): KeptDatabase {
  let current: Opened | undefined;
  let builtAt: number | undefined;

  const closeUnused = (one: Opened): void => {
    if (one.isOld && one.users === 0) one.assessor.close();
  };

  function retire(one: Opened | undefined): void {
    if (!one) return;
    one.isOld = true;
    closeUnused(one);
  }

  async function refresh(): Promise<void> {
    const assessor = await openAssessor(options, world);
    const info = assessor.database;
    const version = info ? `${info.kind} ${info.version} ${info.updatedAt ?? ''}`.trim() : 'none';
    const former = current;
    // Also where the version is the same: files that filter findings are read anew.
    current = { assessor, version, users: 0, isOld: false };
    retire(former);
    const at = Date.parse(info?.updatedAt ?? '');
    builtAt = Number.isNaN(at) ? undefined : at;
    if (version === former?.version) return;
    world.log.info('The advisory database is new', { version });
    onChange();
  }

  return {
    get version() {
      return current?.version;
    },
    get builtAt() {
      return builtAt;
    },
    async use(work) {
      if (!current) throw new Error('there is no advisory database yet');
      const one = current;
      one.users++;
      try {
        return await work(one.assessor, one.version);
      } finally {
        one.users--;
        closeUnused(one);
      }
    },
    async run(signal) {
      for (let failures = 0; !signal.aborted;) {
        try {
          await refresh();
          failures = 0;
        } catch (error) {
          if (signal.aborted) break;
          if (!(error instanceof PratiqueError || error instanceof FormatError)) throw error;
          failures++;
          world.log.error('The advisory database cannot be used', { reason: error.message });
        }
        const wait = failures > 0 ? Math.min(interval, backoffDelay(failures - 1, waiting)) : interval;
        await world.clock.sleep(wait, signal).catch(() => {});
      }
      retire(current);
    },
  };
}
