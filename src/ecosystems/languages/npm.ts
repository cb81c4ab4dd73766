/** The npm registry, for every client of it. https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name */
import { defineEcosystem } from '../ecosystem.js';
import { splitNamespace } from '../split-namespace.js';

export const npm = defineEcosystem({
  id: 'npm',
  title: 'Node.js',
  docs: 'https://www.npmjs.com',
  types: ['bun', 'javascript', 'node-pkg', 'npm', 'pnpm', 'yarn'],
  aggregated: { 'node-pkg': 'Node.js' },
  purlType: 'npm',
  scheme: 'npm',
  advisories: 'npm::',
  rebuilds: { certain: { name: /^@seal-security\// }, likely: { version: /-sp\d+(?:p\d+)?$/ } },
  purl: ({ name, version }) => ({ ...splitNamespace(name.toLowerCase()), version }),
});
