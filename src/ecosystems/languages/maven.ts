/** Maven Central and its like; names are `group:artifact`. https://maven.apache.org/pom.html#Version_Order_Specification */
import { defineEcosystem } from '../ecosystem.js';
import { splitNamespace } from '../split-namespace.js';

export const maven = defineEcosystem({
  id: 'maven',
  title: 'Java',
  docs: 'https://central.sonatype.com',
  types: ['gradle', 'jar', 'pom', 'sbt'],
  aggregated: { jar: 'Java' },
  purlType: 'maven',
  scheme: 'maven',
  advisories: 'maven::',
  rebuilds: { certain: { name: /^seal\.sp\d/, version: /\+sp\d+(?:p\d+)?$/ } },
  purl: ({ name, version }) => ({ ...splitNamespace(name.replaceAll(':', '/')), version }),
});
