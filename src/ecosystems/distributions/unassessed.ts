/** Systems that are recognised but whose packages nobody can match: no advisory feed speaks of them. */
import { defineDistribution } from '../distribution.js';

export const activestate = defineDistribution({
  id: 'activestate',
  title: 'ActiveState',
  docs: 'https://www.activestate.com',
  purl: { type: 'activestate', namespace: '' },
  release: 'exact',
  endOfLife: 'never',
});

export const centosStream = defineDistribution({
  id: 'centos-stream',
  title: 'CentOS Stream',
  docs: 'https://www.centos.org/centos-stream/',
  purl: { type: 'rpm' },
  release: 'major',
  endOfLife: 'never',
});

export const coreos = defineDistribution({
  id: 'coreos',
  title: 'CoreOS',
  docs: 'https://fedoraproject.org/coreos/',
  listedUnmatched: true,
  purl: { type: 'coreos', namespace: '' },
  release: 'minor',
  endOfLife: 'never',
});

export const fedora = defineDistribution({
  id: 'fedora',
  title: 'Fedora Linux',
  docs: 'https://bodhi.fedoraproject.org',
  purl: { type: 'rpm' },
  release: 'major',
  endOfLife: 'never',
});

export const opensuse = defineDistribution({
  id: 'opensuse',
  title: 'openSUSE',
  docs: 'https://www.opensuse.org',
  purl: { type: 'rpm', namespace: 'opensuse' },
  release: 'exact',
  endOfLife: 'never',
});
