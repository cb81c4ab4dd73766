/** How replicas of the webhook share what they found, beside the resources of the cluster; and how they scan an image once. */
import type { World } from '#platform';
import type { ImageFacts } from './image-facts.js';
import type { ImageScanner, ScanRequest } from './scan-queue.js';

export interface FactsExchange {
  /** What another replica found; `undefined` also while the exchange is away. */
  find(request: ScanRequest): Promise<ImageFacts | undefined>;
  /** Resolves to whether others can have them. */
  publish(facts: ImageFacts): Promise<boolean>;
  /** Resolves to what gives the right to scan back, or to `undefined` while another replica has it. */
  claim(request: ScanRequest): Promise<(() => Promise<void>) | undefined>;
  readonly isUp: boolean;
  /** Tells of what others publish, until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/** Milliseconds between two looks at what another replica is scanning. */
const PAUSE = 500;

/** Facts that another replica has, or one scan among all of them. `youngest` is the age from which facts are made anew. */
export function scanOnce(scan: ImageScanner, exchange: FactsExchange, youngest: number, world: World): ImageScanner {
  return async (request, signal) => {
    for (;;) {
      const found = await exchange.find(request);
      if (found && world.clock.now().getTime() - found.scannedAt < youngest) return found;
      const release = await exchange.claim(request);
      if (release) {
        try {
          const facts = await scan(request, signal);
          // Before another replica gets the right to scan the same.
          await exchange.publish(facts);
          return facts;
        } finally {
          await release();
        }
      }
      await world.clock.sleep(PAUSE, signal);
    }
  };
}
