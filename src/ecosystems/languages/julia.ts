/** Julia packages; the registry's UUID is the identity, the name only a label. https://pkgdocs.julialang.org */
import { defineEcosystem } from '../ecosystem.js';

export const julia = defineEcosystem({
  id: 'julia',
  title: 'Julia',
  docs: 'https://juliahub.com/ui/Packages',
  types: ['julia'],
  purlType: 'julia',
  scheme: 'generic',
  advisories: 'julia::',
  normalize: (name) => name,
  purl: ({ id, name, version }) => ({ name, version, ...(id && { qualifiers: new Map([['uuid', id]]) }) }),
});
