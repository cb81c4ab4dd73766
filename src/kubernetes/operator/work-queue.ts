/**
 * Work by key: each key waits at most once and runs at most once at a time; added while it runs, it runs again afterwards.
 * `work` says of failures itself; what it throws ends the queue.
 */
export interface WorkQueue {
  add(key: string): void;
  /** Takes out what waits and is not wanted any more. */
  keep(wanted: (key: string) => boolean): void;
  readonly waiting: number;
  readonly running: number;
  /** Resolves when the signal is aborted and nothing runs any more; rejects with an error of `work`. */
  run(signal: AbortSignal): Promise<void>;
}

export function createWorkQueue(workers: number, work: (key: string) => Promise<void>): WorkQueue {
  const waiting = new Set<string>();
  const running = new Set<string>();
  const wake: (() => void)[] = [];
  const wakeAll = (): void => {
    for (const one of wake.splice(0)) one();
  };

  function next(): string | undefined {
    for (const key of waiting) {
      if (running.has(key)) continue;
      waiting.delete(key);
      return key;
    }
    return undefined;
  }

  async function worker(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = next();
      if (key === undefined) {
        await new Promise<void>((resolve) => wake.push(resolve));
        continue;
      }
      running.add(key);
      try {
        await work(key);
      } finally {
        running.delete(key);
        wakeAll();
      }
    }
  }

  return {
    add(key) {
      waiting.add(key);
      wakeAll();
    },
    keep(wanted) {
      for (const key of waiting) if (!wanted(key)) waiting.delete(key);
    },
    get waiting() {
      return waiting.size;
    },
    get running() {
      return running.size;
    },
    async run(signal) {
      signal.addEventListener('abort', wakeAll, { once: true });
      await Promise.all(Array.from({ length: Math.max(1, workers) }, () => worker(signal)));
    },
  };
}
