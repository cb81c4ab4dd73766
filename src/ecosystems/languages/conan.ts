/** Conan, C and C++. https://docs.conan.io/2/ */
import { defineEcosystem } from '../ecosystem.js';

export const conan = defineEcosystem({
  id: 'conan',
  title: 'C/C++',
  docs: 'https://conan.io/center',
  types: ['conan'],
  purlType: 'conan',
  scheme: 'generic',
  advisories: 'conan::',
});
