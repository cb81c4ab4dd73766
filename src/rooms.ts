/**
 * The rooms of the program, their floors and what of the platform each may touch.
 * The table is code: `test/architecture.test.ts` enforces it and docs/architecture.md is drawn from it.
 *
 * Rules: a room imports lower floors only, through the other room's door (`#room`); inside a room,
 * relative imports; platform modules only as listed; no cycles between files.
 */
export interface Room {
  readonly name: string;
  readonly floor: number;
  readonly holds: string;
  /** Node built-in modules the room may import; `'all'` for the room that wraps the outside world. */
  readonly touches: readonly string[] | 'all';
}

export const rooms: readonly Room[] = [
  { name: 'model', floor: 0, holds: 'the nouns: Package, Layer, Advisory, Finding, Report, Diagnostic', touches: [] },
  {
    name: 'base',
    floor: 1,
    holds: 'domain-free and pure: bytes, lines, globs, limits, errors',
    touches: ['crypto', 'zlib'],
  },
  {
    name: 'platform',
    floor: 2,
    holds: 'the outside world behind small interfaces: http, files, clock, log',
    touches: 'all',
  },
  { name: 'versions', floor: 2, holds: 'version schemes, one file each', touches: [] },
  {
    name: 'formats',
    floor: 2,
    holds: 'wire codecs: purl, tar, zip, sqlite, elf, yaml, toml, bbolt',
    touches: ['zlib', 'crypto'],
  },
  { name: 'oci', floor: 3, holds: 'OCI manifests, layouts and the distribution client', touches: ['crypto', 'path'] },
  { name: 'ecosystems', floor: 3, holds: 'the join: one file per ecosystem or distribution', touches: [] },
  {
    name: 'artifact',
    floor: 4,
    holds: 'sources: registry, engines, archive, OCI layout, directory, git repository',
    touches: ['crypto', 'path', 'zlib', 'stream'],
  },
  {
    name: 'signatures',
    floor: 4,
    holds: 'signatures of images, verified by key and by identity',
    touches: ['crypto'],
  },
  {
    name: 'inventory',
    floor: 4,
    holds: 'extractors: from files to packages; layers applied in order',
    touches: ['crypto', 'path', 'zlib'],
  },
  {
    name: 'checks',
    floor: 4,
    holds: 'secrets and licenses: rules as data, and their engines',
    touches: ['crypto'],
  },
  {
    name: 'advisories',
    floor: 4,
    holds: 'sources (parse), store (build, open, look up, download)',
    touches: ['fs', 'path', 'crypto', 'zlib'],
  },
  { name: 'match', floor: 5, holds: 'package × advisory → finding, with evidence', touches: [] },
  { name: 'policy', floor: 4, holds: 'severity and status filters, ignore files, gate', touches: [] },
  { name: 'report', floor: 4, holds: 'one file per output format; pure', touches: ['crypto', 'path'] },
  {
    name: 'notify',
    floor: 4,
    holds: 'receivers of events about findings: webhook, Slack, Alertmanager',
    touches: ['crypto', 'path'],
  },
  {
    name: 'falco',
    floor: 5,
    holds: 'rules for Falco from reports; its alerts joined with findings',
    touches: ['http', 'path', 'util', 'zlib'],
  },
  { name: 'scan', floor: 6, holds: 'the composition, and the face of the library', touches: ['path', 'crypto'] },
  {
    name: 'kubernetes',
    floor: 7,
    holds: 'client, cluster scans, admission webhook, operator',
    touches: ['crypto', 'path', 'http', 'https', 'tls', 'worker_threads'],
  },
  {
    name: 'cli',
    floor: 8,
    holds: 'argv → options → scan → bytes → exit code',
    touches: ['process', 'tty', 'util', 'path', 'module'],
  },
  {
    name: 'action',
    floor: 9,
    holds: 'the GitHub Action: inputs → command line → job summary',
    touches: ['path'],
  },
];
