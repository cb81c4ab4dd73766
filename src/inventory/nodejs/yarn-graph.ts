/**
 * Look-ups over the entries of a `yarn.lock`: which package a dependency stands for, and what each depends on.
 */
import { scheme } from '#versions';
import { sortedIds } from '../package-set.js';
import { descriptorKey, type YarnEntry } from './yarn-entries.js';

export class YarnGraph {
  readonly #byDescriptor = new Map<string, string>();
  readonly #byId = new Map<string, YarnEntry[]>();
  readonly #byName = new Map<string, YarnEntry[]>();

  constructor(entries: readonly YarnEntry[]) {
    for (const entry of entries) {
      for (const descriptor of entry.descriptors) this.#byDescriptor.set(descriptor, entry.id);
      append(this.#byId, entry.id, entry);
      append(this.#byName, entry.name, entry);
    }
  }

  /** Ids, sorted. */
  dependenciesOf(id: string): readonly string[] {
    const descriptors = (this.#byId.get(id) ?? []).flatMap((entry) => entry.dependencies);
    return sortedIds(descriptors.flatMap((descriptor) => this.#byDescriptor.get(descriptor) ?? [])) ?? [];
  }

  /** Usually the entry with that very descriptor; resolutions may lock another range, then any version within. */
  resolve(name: string, range: string): readonly string[] {
    const exact = this.#byDescriptor.get(descriptorKey(name, range));
    if (exact !== undefined) return [exact];
    return (this.#byName.get(name) ?? []).flatMap(({ id, version }) =>
      scheme('npm').satisfies(version, range) === true ? [id] : [],
    );
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
