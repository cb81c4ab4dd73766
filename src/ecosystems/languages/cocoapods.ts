/** CocoaPods. A subspec (`Pod/Core`) is the subpath of its pod's package URL. https://guides.cocoapods.org */
import { defineEcosystem } from '../ecosystem.js';

export const cocoapods = defineEcosystem({
  id: 'cocoapods',
  title: 'CocoaPods',
  docs: 'https://cocoapods.org',
  types: ['cocoapods'],
  purlType: 'cocoapods',
  scheme: 'gem',
  advisories: 'cocoapods::',
  normalize: (name) => name,
  purl: ({ name, version }) => {
    const [pod = '', ...subspec] = name.split('/');
    return { name: pod, version, ...(subspec.length > 0 && { subpath: subspec.join('/') }) };
  },
});
