import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { FormatError } from '#base';
import { makeZip, type ZipContent } from '#formats/fakes';
import { assertSurvivesBytes, binaryContext, binaryFile } from '../binary-file.test.kit.js';
import type { JavaLookup } from '../extractor.js';
import { jar } from './jar.js';

const entry = (path: string, text: string | Uint8Array, stored = false): ZipContent => ({
  path,
  content: typeof text === 'string' ? Buffer.from(text) : text,
  stored,
});
const properties = (group: string, artifact: string, version: string): ZipContent =>
  entry(
    `META-INF/maven/${group}/${artifact}/pom.properties`,
    `#Generated\nversion = ${version}\r\ngroupId=${group}\nartifactId:${artifact}\n`,
  );
const manifest = (lines: string): ZipContent => entry('META-INF/MANIFEST.MF', `Manifest-Version: 1.0\r\n${lines}\r\n`);

/** Knows `org.known:*`, one file by its hash, and the group of `named` 1.0. */
function database(known: Uint8Array): JavaLookup {
  const hash = createHash('sha1').update(known).digest('hex');
  return {
    bySha1: (sha1) =>
      Buffer.from(sha1).toString('hex') === hash ? { group: 'org.hash', artifact: 'h', version: '3.0' } : undefined,
    exists: (group) => group === 'org.known',
    groupOf: (artifact, version) => (artifact === 'named' && version === '1.0' ? 'org.named' : undefined),
  };
}

async function rows(
  path: string,
  bytes: Uint8Array,
  reports: string[] = [],
  java?: JavaLookup,
): Promise<readonly string[]> {
  const { applications } = await jar.extract(binaryFile(path, bytes), binaryContext(reports, java));
  return applications[0]!.packages.map(({ name, version, path: at, licenses = [] }) =>
    [name, version, at, ...licenses].join(' '),
  );
}

const plain = makeZip([entry('a.txt', 'x')]);
const identified =
  'Implementation-Vendor-Id: org.known\r\nImplementation-Title: core\r\nImplementation-Ver\r\n sion: 2.0';

const cases: readonly (readonly [name: string, path: string, bytes: Uint8Array, expected: readonly string[]])[] = [
  ['properties', 'a-1.0.jar', makeZip([properties('g', 'a', '1.0')]), ['g:a 1.0 a-1.0.jar']],
  [
    'shaded properties',
    'a-1.0.jar',
    makeZip([properties('g', 'a', '1.0'), properties('g', 'b', '2')]),
    ['g:a 1.0 a-1.0.jar', 'g:b 2 a-1.0.jar'],
  ],
  ['manifest in the database', 'core.jar', makeZip([manifest(identified)]), ['org.known:core 2.0 core.jar']],
  [
    'manifest beside foreign properties',
    'core.jar',
    makeZip([properties('g', 'b', '2'), manifest(identified)]),
    ['g:b 2 core.jar', 'org.known:core 2.0 core.jar'],
  ],
  ['manifest not in the database', 'x.jar', makeZip([manifest(identified.replace('org.known', 'org.other'))]), []],
  ['hash', 'x.jar', plain, ['org.hash:h 3.0 x.jar']],
  ['file name', 'lib/named-1.0.jar', makeZip([entry('b', '')]), ['org.named:named 1.0 lib/named-1.0.jar']],
  ['no hint', 'other.jar', makeZip([entry('b', '')]), []],
];

for (const [name, path, bytes, expected] of cases)
  test(`identified by ${name}`, async () => assert.deepEqual(await rows(path, bytes, [], database(plain)), expected));

test('archives inside archives, stored or deflated', async () => {
  const inner = makeZip([properties('g', 'in', '1')]);
  const middle = makeZip([entry('lib/in-1.jar', inner, true), properties('g', 'mid', '2')]);
  const outer = makeZip([entry('WEB-INF/lib/mid-2.WAR', middle), properties('g', 'app', '3')]);
  assert.deepEqual(await rows('app.ear', outer), [
    'g:app 3 app.ear',
    'g:mid 2 app.ear/WEB-INF/lib/mid-2.WAR',
    'g:in 1 app.ear/WEB-INF/lib/mid-2.WAR/lib/in-1.jar',
  ]);
});

test('licenses of the project file, else of the manifest', async () => {
  const pom = '<project><licenses><license><name> MIT </name></license></licenses></project>';
  const bytes = makeZip([properties('g', 'a', '1.0'), entry('META-INF/maven/g/a/pom.xml', pom)]);
  assert.deepEqual(await rows('a-1.0.jar', bytes), ['g:a 1.0 a-1.0.jar MIT']);
  const bundle = makeZip([
    properties('g', 'a', '1.0'),
    manifest('Bundle-License: "https://www.apache.org/licenses/LICENSE-2.0.txt";x="a,b", MIT'),
  ]);
  assert.deepEqual(await rows('a-1.0.jar', bundle), ['g:a 1.0 a-1.0.jar Apache-2.0 MIT']);
});

test('without a database, needing one is a diagnostic, once', async () => {
  const reports: string[] = [];
  await rows('app.war', makeZip([entry('a.jar', plain), entry('b.jar', plain)]), reports);
  assert.deepEqual(reports, ['java-db-missing']);
  const named: string[] = [];
  await rows('a-1.0.jar', makeZip([properties('g', 'a', '1.0')]), named);
  assert.deepEqual(named, []);
});

test('damage inside is a diagnostic, outside an error', async () => {
  const reports: string[] = [];
  const bytes = makeZip([entry('bad.jar', 'text'), properties('g', 'a', '1.0')]);
  assert.deepEqual(await rows('a-1.0.jar', bytes, reports), ['g:a 1.0 a-1.0.jar']);
  assert.deepEqual(reports, ['unreadable-entry']);
  await assert.rejects(rows('a.jar', Buffer.from('text')), FormatError);
});

test('nesting ends', async () => {
  let bytes = makeZip([properties('g', 'deep', '1')]);
  for (let depth = 0; depth < 12; depth++) bytes = makeZip([entry('n.jar', bytes)]);
  const reports: string[] = [];
  assert.deepEqual(await rows('n.jar', bytes, reports), []);
  assert.ok(reports.includes('unreadable-entry'));
});

test('damaged files', () => {
  const inner = makeZip([properties('g', 'in', '1')]);
  const bytes = makeZip([entry('lib/in-1.jar', inner), manifest(identified), properties('g', 'mid', '2')]);
  return assertSurvivesBytes(bytes, (damaged) => rows('a.jar', damaged, [], database(plain)));
});
