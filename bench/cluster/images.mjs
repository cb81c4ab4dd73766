// Images of a base that they share and a layer of their own, in a registry.
import { pushImage } from '../../dist/test/e2e/kit/push.js';
import { PACKAGES, RELEASE } from './advisories.mjs';

/** Resolves with the images as pods name them, and their digests. */
export async function pushImages(registry, host, count) {
  const base = [
    { name: 'etc/os-release', content: `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${RELEASE}.0\n` },
    { name: 'etc/alpine-release', content: `${RELEASE}.0\n` },
    { name: 'lib/apk/db/installed', content: Array.from({ length: PACKAGES }, (_, i) => record(i, 0)).join('\n') },
    { name: 'usr/lib/data', content: 'x'.repeat(2_000_000) },
  ];
  const images = [];
  for (let n = 0; n < count; n++) {
    // Half of the packages are so new that nothing is known of them.
    const installed = Array.from({ length: PACKAGES }, (_, i) => record(i, (i + n) % 2 ? 0 : 9)).join('\n');
    const own = [
      { name: 'lib/apk/db/installed', content: installed },
      { name: 'app/name', content: `application ${n}` },
    ];
    const { digest } = await pushImage(registry, `team/app-${n}`, '1', { layers: [base, own], gzip: true });
    images.push({ name: `app-${n}`, reference: `${host}/team/app-${n}:1`, digest: `${host}/team/app-${n}@${digest}` });
  }
  return images;
}

const record = (i, patch) => {
  const name = `package-${String(i).padStart(3, '0')}`;
  return `C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:${name}\nV:1.${i}.${patch}-r0\nA:x86_64\nS:1\nI:1\nT:${name}\nL:MIT\no:${name}\n`;
};
