/** Swift packages, named by the address of their repository. https://www.swift.org/documentation/package-manager/ */
import { defineEcosystem } from '../ecosystem.js';
import { splitNamespace } from '../split-namespace.js';

export const swift = defineEcosystem({
  id: 'swift',
  title: 'Swift',
  docs: 'https://swiftpackageindex.com',
  types: ['swift'],
  purlType: 'swift',
  scheme: 'generic',
  advisories: 'swift::',
  normalize: (name) => name.replace(/^https:\/\//, '').replace(/\.git$/, ''),
  purl: ({ name, version }) => ({ ...splitNamespace(name), version }),
});
