/**
 * Go modules. Module paths are case-sensitive in advisories and lower case in package URLs;
 * a module replaced by a local directory has no package URL. https://go.dev/ref/mod
 */
import { defineEcosystem } from '../ecosystem.js';
import { splitNamespace } from '../split-namespace.js';

export const go = defineEcosystem({
  id: 'go',
  title: 'Go',
  docs: 'https://pkg.go.dev',
  types: ['gobinary', 'gomod'],
  purlType: 'golang',
  scheme: 'generic',
  advisories: 'go::',
  rebuilds: {
    certain: { name: /^sealsecurity\.io\// },
    likely: { version: /-sp\d+(?:p\d+)?(?:\+incompatible)?$/ },
  },
  normalize: (name) => name,
  purl: ({ name, version }) => (/^\.\.?\//.test(name) ? undefined : { ...splitNamespace(name.toLowerCase()), version }),
});
