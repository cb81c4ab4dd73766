/**
 * The exceptions of all namespaces, by namespace and name of the object.
 * Limits  1,000 a namespace: whoever may write there must not take the memory and time of all.
 */
import { createHash } from '#base';
import type { FindingException } from '#policy';

export interface ExceptionSet {
  readonly all: readonly FindingException[];
  /** Changes when one of them does. */
  readonly hash: string;
}

export interface NamespaceExceptions {
  /** `key` is `namespace/name`. Returns what is wrong when it does not count. */
  set(key: string, exception: FindingException): string | undefined;
  remove(key: string): void;
  of(namespace: string): ExceptionSet;
  readonly size: number;
}

const MAX_EXCEPTIONS = 1000;

const none: ExceptionSet = { all: [], hash: '' };

export function createNamespaceExceptions(): NamespaceExceptions {
  const namespaces = new Map<string, Map<string, FindingException>>();
  const sets = new Map<string, ExceptionSet>();
  const namespaceOf = (key: string): string => key.slice(0, Math.max(0, key.indexOf('/')));
  return {
    set(key, exception) {
      const namespace = namespaceOf(key);
      const own = namespaces.get(namespace) ?? new Map<string, FindingException>();
      if (own.size >= MAX_EXCEPTIONS && !own.has(key)) return `the namespace has ${MAX_EXCEPTIONS} others`;
      namespaces.set(namespace, own.set(key, exception));
      sets.delete(namespace);
      return undefined;
    },
    remove(key) {
      const namespace = namespaceOf(key);
      const own = namespaces.get(namespace);
      own?.delete(key);
      if (own?.size === 0) namespaces.delete(namespace);
      sets.delete(namespace);
    },
    get size() {
      return [...namespaces.values()].reduce((sum, own) => sum + own.size, 0);
    },
    of(namespace) {
      const own = namespaces.get(namespace);
      if (!own) return none;
      const kept = sets.get(namespace) ?? setOf([...own.values()]);
      sets.set(namespace, kept);
      return kept;
    },
  };
}

const setOf = (all: readonly FindingException[]): ExceptionSet => ({
  all,
  hash: createHash('sha256')
    .update(
      all
        .map(({ hash }) => hash)
        .sort()
        .join(' '),
    )
    .digest('hex')
    .slice(0, 16),
});
