/** Wolfi and its kin: rolling, no releases, advisories by origin package in secdb form. https://packages.wolfi.dev/os/security.json */
import { defineDistribution, type DistributionAdvisories } from '../distribution.js';

const advisories = {
  scheme: 'apk',
  release: 'none',
  key: 'source-or-binary',
  compares: 'binary',
  unfixed: false,
} as const satisfies Omit<DistributionAdvisories, 'bucket'>;

const common = { purl: { type: 'apk' }, release: 'exact', endOfLife: 'never' } as const;

export const chainguard = defineDistribution({
  ...common,
  id: 'chainguard',
  title: 'Chainguard',
  docs: 'https://packages.cgr.dev/chainguard/security.json',
  advisories: { ...advisories, bucket: 'chainguard' },
});

export const minimos = defineDistribution({
  ...common,
  id: 'minimos',
  title: 'MinimOS',
  docs: 'https://packages.mini.dev/advisories/secdb/security.json',
  advisories: { ...advisories, bucket: 'minimos' },
});

export const wolfi = defineDistribution({
  ...common,
  id: 'wolfi',
  title: 'Wolfi',
  docs: 'https://packages.wolfi.dev/os/security.json',
  advisories: { ...advisories, bucket: 'wolfi' },
});
