/** The operator in this process, with options that most tests want: reports of vulnerabilities, one scan at a time. */
import { type OperatorOptions, runOperator } from '#kubernetes';
import { systemClock } from '#platform';
import { fakeWorld } from '#platform/fakes';

export interface RunningOperator {
  readonly port: number;
  stop(): Promise<void>;
}

export type OperatorChoice = Pick<OperatorOptions, 'scan'> & {
  readonly kubeconfig: string;
  readonly namespaces: readonly string[];
};

export function startOperator({ kubeconfig, namespaces, scan }: OperatorChoice): Promise<RunningOperator> {
  const stopping = new AbortController();
  const options: OperatorOptions = {
    cluster: { kubeconfig },
    namespaces: { include: namespaces, exclude: [] },
    namespaceSelector: '',
    kinds: ['vulnerability'],
    role: 'all',
    scan,
    version: '1',
    host: '127.0.0.1',
    port: 0,
    workers: 1,
    budget: 1_000_000,
    ttl: 0,
    databaseInterval: 600_000,
    scanTimeout: 60_000,
    removeAfter: 300_000,
    electLeader: false,
    qps: 0,
    burst: 0,
  };
  return new Promise((resolve, reject) => {
    const world = fakeWorld({ clock: systemClock, signal: stopping.signal });
    const running = runOperator(options, world, (port) =>
      resolve({
        port,
        stop() {
          stopping.abort();
          return running;
        },
      }),
    );
    running.catch(reject);
  });
}
