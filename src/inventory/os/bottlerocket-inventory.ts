/**
 * Packages in Bottlerocket's application inventory.
 * Shape   JSON `{"Content": [{Name, Version, Release, Epoch, Architecture, …}]}`, all strings.
 * Errors  `FormatError` when it is no such object; an entry without name or version → `incomplete-record`.
 * Source  https://github.com/bottlerocket-os/bottlerocket-core-kit (rpm2img, application inventory)
 */
import { compact, FormatError } from '#base';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

const PATH = 'bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json';

export const bottlerocketInventory = defineExtractor({
  id: 'os/bottlerocket-inventory',
  type: 'os',
  name: 'bottlerocket-inventory',
  runsOn: 'everywhere',
  revision: 1,
  files: [`aarch64-${PATH}`, `x86_64-${PATH}`],
  extract(file, context) {
    const packages: Package[] = [];
    for (const entry of entriesOf(file.text())) {
      const pkg = readEntry(entry);
      if (pkg) packages.push(pkg);
      else context.report('incomplete-record', 'an entry without name or version');
    }
    return { packages };
  },
});

function entriesOf(text: string): readonly unknown[] {
  let inventory: unknown;
  try {
    inventory = JSON.parse(text);
  } catch (cause) {
    throw new FormatError('not JSON', { cause });
  }
  const content = isObject(inventory) ? inventory['Content'] : undefined;
  if (!Array.isArray(content)) throw new FormatError('no list "Content"');
  return content;
}

function readEntry(entry: unknown): Package | undefined {
  const field = (key: string): string => {
    const value = isObject(entry) ? entry[key] : undefined;
    return typeof value === 'string' ? value : '';
  };
  const [name, version, release] = [field('Name'), field('Version'), field('Release')];
  if (name === '' || version === '') return undefined;
  const epoch = /^\d{1,9}$/.test(field('Epoch')) ? Number(field('Epoch')) : 0;
  return compact({
    id: `${name}@${epoch > 0 ? `${epoch}:` : ''}${version}-${release}`,
    name,
    version,
    release: release || undefined,
    epoch: epoch || undefined,
    arch: field('Architecture') || undefined,
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
