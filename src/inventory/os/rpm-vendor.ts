/**
 * Whether an RPM package comes from the distribution or from somebody else, by its vendor tag:
 * advisories of the distribution do not cover the latter.
 * Source  the `Vendor` tags of the distributions' own packages.
 */
export function rpmOrigin(vendor: string, release: string): 'official' | 'third-party' {
  // Amazon Linux 2022 and later leave the vendor blank.
  const own = vendor === '' ? release.includes('amzn') : distributions.some((name) => vendor.startsWith(name));
  return own ? 'official' : 'third-party';
}

const distributions: readonly string[] = [
  'AlmaLinux',
  'Amazon Linux',
  'Amazon.com',
  'CentOS',
  'CloudLinux',
  'Fedora Project',
  'Microsoft Corporation',
  'Oracle America',
  'Red Hat',
  'Rocky',
  'SUSE',
  'VMware',
  'openSUSE',
];
