/** Pub, for Dart. https://dart.dev/tools/pub/versioning */
import { defineEcosystem } from '../ecosystem.js';

export const pub = defineEcosystem({
  id: 'pub',
  title: 'Dart',
  docs: 'https://pub.dev',
  types: ['pub'],
  purlType: 'pub',
  scheme: 'generic',
  advisories: 'pub::',
});
