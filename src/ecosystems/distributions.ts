/** Every distribution that is recognised, alphabetical by id. */
import type { Distribution } from './distribution.js';
import { alma } from './distributions/alma.js';
import { alpine } from './distributions/alpine.js';
import { amazon } from './distributions/amazon.js';
import { azurelinux, cblMariner } from './distributions/azure.js';
import { bottlerocket } from './distributions/bottlerocket.js';
import { debian } from './distributions/debian.js';
import { echo } from './distributions/echo.js';
import { oracle } from './distributions/oracle.js';
import { photon } from './distributions/photon.js';
import { centos, redhat } from './distributions/red-hat.js';
import { rocky } from './distributions/rocky.js';
import { opensuseLeap, opensuseTumbleweed, slem, sles } from './distributions/suse.js';
import { ubuntu } from './distributions/ubuntu.js';
import { activestate, centosStream, coreos, fedora, opensuse } from './distributions/unassessed.js';
import { chainguard, minimos, wolfi } from './distributions/wolfi.js';

const registry = [
  activestate,
  alma,
  alpine,
  amazon,
  azurelinux,
  bottlerocket,
  cblMariner,
  centos,
  centosStream,
  chainguard,
  coreos,
  debian,
  echo,
  fedora,
  minimos,
  opensuse,
  opensuseLeap,
  opensuseTumbleweed,
  oracle,
  photon,
  redhat,
  rocky,
  slem,
  sles,
  ubuntu,
  wolfi,
] as const;

export type DistributionId = (typeof registry)[number]['id'];

export const distributions: readonly Distribution[] = registry;

const byId = new Map<string, Distribution>(distributions.map((distribution) => [distribution.id, distribution]));

/** Spellings that older records and bills of materials use. */
const aliases = new Map<string, DistributionId>([
  ['amazon linux', 'amazon'],
  ['debian gnu/linux', 'debian'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['suse linux enterprise micro', 'slem'],
  ['suse linux enterprise server', 'sles'],
]);

/** The distribution of a family name, in any accepted spelling. */
export function distributionOf(family: string): Distribution | undefined {
  return byId.get(family) ?? byId.get(aliases.get(family.toLowerCase()) ?? '');
}
