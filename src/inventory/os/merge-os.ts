/**
 * Joins what several files, and several layers in their order, tell about the operating system.
 * The first family and version stay, blanks are filled; Red Hat and Debian give way to any other family, because
 * their derivatives carry the parent's release files too. Hence an image upgraded in a later layer keeps the
 * version of the layer that named it first, as the reference has it.
 */
import { compact } from '#base';
import type { OperatingSystem } from '#model';
import { canonicalOsFamily } from './os-family.js';

export function mergeOs(current: OperatingSystem | undefined, found: OperatingSystem): OperatingSystem {
  const supplier = current?.supplier ?? found.supplier;
  const family = canonicalOsFamily(found.family);
  if (!current || current.family === '') {
    const name = current?.name || found.name;
    return compact({ ...found, family, name, extended: current?.extended || found.extended, supplier });
  }
  if (parents.has(current.family) && family !== '') return compact({ ...found, family, supplier });
  // A version belongs to its family: never Debian's version under Ubuntu's name.
  const name = current.name || (family === '' || family === current.family ? found.name : '');
  return compact({ ...current, name, extended: current.extended || found.extended, supplier });
}

const parents: ReadonlySet<string> = new Set(['debian', 'redhat']);
