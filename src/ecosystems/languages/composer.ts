/** Packagist. https://getcomposer.org/doc/articles/versions.md */
import { defineEcosystem } from '../ecosystem.js';
import { splitNamespace } from '../split-namespace.js';

export const composer = defineEcosystem({
  id: 'composer',
  title: 'PHP',
  docs: 'https://packagist.org',
  types: ['composer', 'composer-vendor'],
  purlType: 'composer',
  scheme: 'generic',
  advisories: 'composer::',
  purl: ({ name, version }) => ({ ...splitNamespace(name), version }),
});
