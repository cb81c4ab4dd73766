/** The one page that explains a vulnerability best: by the form of its id, else the publisher's own page among its references. */
const byPrefix: readonly (readonly [prefix: string, url: (id: string) => string])[] = [
  ['CVE-', (id) => `https://avd.aquasec.com/nvd/${id.toLowerCase()}`],
  ['RUSTSEC-', (id) => `https://osv.dev/vulnerability/${id}`],
  ['GHSA-', (id) => `https://github.com/advisories/${id}`],
  ['TEMP-', (id) => `https://security-tracker.debian.org/tracker/${id}`],
];

const publishers = new Map<string, readonly string[]>([
  ['debian', ['http://www.debian.org', 'https://www.debian.org']],
  ['ubuntu', ['http://www.ubuntu.com', 'https://usn.ubuntu.com']],
  ['redhat', ['https://access.redhat.com']],
  ['suse-cvrf', ['http://lists.opensuse.org', 'https://lists.opensuse.org']],
  ['oracle-oval', ['http://linux.oracle.com/errata', 'https://linux.oracle.com/errata']],
  ['nodejs-security-wg', ['https://www.npmjs.com', 'https://hackerone.com']],
  ['ruby-advisory-db', ['https://groups.google.com']],
]);

export function primaryUrl(id: string, references: readonly string[], source: string | undefined): string | undefined {
  const known = byPrefix.find(([prefix]) => id.startsWith(prefix));
  if (known) return known[1](id);
  for (const prefix of publishers.get(source ?? '') ?? []) {
    const reference = references.find((url) => url.startsWith(prefix));
    if (reference !== undefined) return reference;
  }
  return undefined;
}
