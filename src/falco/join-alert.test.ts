import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { readAlert } from './alert.js';
import { indexFindings } from './finding-index.js';
import { digestOf, imageReport, packageWith, result, vulnerability } from './image-report.test.kit.js';
import { joinAlert, type JoinedAlert } from './join-alert.js';

const ssl = packageWith('openssl', { installedFiles: ['usr/bin/openssl', 'usr/lib/libssl.so.3', 'usr/share/doc'] });
const bash = packageWith('bash', { installedFiles: ['/bin/bash'] });
const left = packageWith('left', { path: 'app/node_modules/left/package.json' });
const jar = packageWith('core', { path: 'srv/app.war/WEB-INF/lib/core-1.jar' });
const gem = packageWith('rack', { path: 'usr/lib/ruby/specifications/rack-1.0.gemspec' });
const secret = {
  kind: 'secret',
  ruleId: 'github-pat',
  category: 'GitHub',
  severity: 'CRITICAL',
  title: 'token',
  startLine: 3,
  endLine: 3,
  code: [],
  match: '****',
} as const;

const report = imageReport(
  'ghcr.io/acme/api:v1',
  [
    result([
      vulnerability('LOW', { package: ssl }),
      vulnerability('CRITICAL', { package: ssl, fixedVersion: '3.0.1' }),
      vulnerability('HIGH', { package: bash }),
    ]),
    result([vulnerability('MEDIUM', { package: left })], { class: 'lang-pkgs', type: 'node-pkg', target: 'Node.js' }),
    result([vulnerability('MEDIUM', { package: jar })], { class: 'lang-pkgs', type: 'jar', target: 'Java' }),
    result([vulnerability('LOW', { package: gem })], { class: 'lang-pkgs', type: 'gemspec', target: 'Ruby' }),
    result([vulnerability('HIGH', { package: packageWith('stdlib') })], {
      class: 'lang-pkgs',
      type: 'gobinary',
      target: 'usr/local/bin/tool',
    }),
    result([], { class: 'secret', target: '/etc/token', secrets: [secret] }),
  ],
  { repoTags: ['ghcr.io/acme/api:v1'], repoDigests: [`ghcr.io/acme/api@${digestOf('a')}`], imageId: digestOf('c') },
);
const index = indexFindings([report]);

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const alert = (fields: object, more: object = {}): object => ({
  time: '2026-01-02T03:04:05.000000001Z',
  rule: 'Something ran',
  priority: 'Warning',
  output: 'text',
  output_fields: fields,
  ...more,
});
const join = (fields: object): JoinedAlert => joinAlert(readAlert(bytes(alert(fields))), index);
const byDigest = { 'container.image.digest': digestOf('a') };

test('the image is found by digest, id, or repository and tag', () => {
  const cases: [object, JoinedAlert['match']][] = [
    [byDigest, 'digest'],
    [{ 'container.image.digest': `ghcr.io/acme/api@${digestOf('a')}` }, 'digest'],
    [{ 'container.image': `ghcr.io/acme/api@${digestOf('a')}` }, 'digest'],
    [{ 'container.image.id': 'cccccccccccc' }, 'image_id'],
    [{ 'container.image.id': digestOf('c') }, 'image_id'],
    [{ 'container.image.repository': 'ghcr.io/acme/api', 'container.image.tag': 'v1' }, 'tag'],
    [{ 'container.image': 'ghcr.io/acme/api:v1' }, 'tag'],
    [{ 'container.image.repository': 'ghcr.io/acme/api', 'container.image.tag': 'v2' }, 'none'],
    [{ 'container.image.repository': 'ghcr.io/acme/api' }, 'none'],
    [{ 'container.image.repository': '<NA>', 'container.image.tag': null }, 'none'],
    [{ 'container.image.id': 'cc' }, 'none'],
    [{}, 'none'],
  ];
  for (const [fields, match] of cases) assert.equal(join(fields).match, match, JSON.stringify(fields));
});

test('programs and files are joined with packages and secrets', () => {
  const cases: [object, string[], string[]][] = [
    [{ 'proc.exepath': '/usr/bin/openssl' }, ['openssl'], []],
    [{ 'proc.exepath': '/bin/openssl' }, ['openssl'], []],
    [{ 'proc.exepath': '/usr/bin/bash', 'proc.exe': 'bash' }, ['bash'], []],
    [{ 'proc.exepath': '/usr/local/bin/tool' }, ['stdlib'], []],
    [{ 'fd.name': '/usr/lib/../lib/libssl.so.3' }, [], ['openssl']],
    [{ 'fd.name': '/app/node_modules/left/lib/deep/index.js' }, [], ['left']],
    [{ 'fd.name': '/app/node_modules/left/node_modules/right/index.js' }, [], []],
    [{ 'fd.name': '/app/node_modules/leftover/index.js' }, [], []],
    [{ 'fd.name': '/srv/app.war' }, [], ['core']],
    [{ 'fd.name': '/usr/lib/ruby/gems/rack-1.0/lib/rack.rb' }, [], ['rack']],
    [{ 'fd.name': '/usr/share/doc/other' }, [], []],
    [{ 'fd.name': '/etc/token' }, [], ['github-pat']],
    [{ 'fd.name': '10.0.0.1:80->10.0.0.2:81' }, [], []],
    [{ 'fd.name': '/' }, [], []],
  ];
  const names = (files: JoinedAlert['ran']): string[] =>
    files.flatMap(({ packages, secrets = [] }) => [
      ...packages.map(({ name }) => name),
      ...secrets.map(({ ruleId }) => ruleId),
    ]);
  for (const [fields, ran, touched] of cases) {
    const joined = join({ ...byDigest, ...fields });
    assert.deepEqual([names(joined.ran), names(joined.touched)], [ran, touched], JSON.stringify(fields));
  }
});

test('findings are told worst first, with their fix', () => {
  const [file] = join({ ...byDigest, 'proc.exepath': '/usr/bin/openssl' }).ran;
  assert.deepEqual(file!.packages[0]!.vulnerabilities, [
    { id: 'CVE-2026-CRITICAL', severity: 'CRITICAL', fixedVersion: '3.0.1' },
    { id: 'CVE-2026-LOW', severity: 'LOW' },
  ]);
});

test('a line stays small however much was found', () => {
  const many = Array.from({ length: 500 }, (_, i) => vulnerability('LOW', { id: `CVE-${i}`, package: ssl }));
  const packages = Array.from({ length: 500 }, (_, i) =>
    vulnerability('LOW', { package: packageWith(`p${i}`, { installedFiles: ['bin/all'] }) }),
  );
  const large = indexFindings([imageReport('a.io/x:1', [result([...many, ...packages])])]);
  const fields = { 'container.image': 'a.io/x:1', 'proc.exepath': '/bin/all', 'fd.name': '/bin/openssl' };
  const joined = joinAlert(readAlert(bytes(alert(fields))), large);
  assert.equal(joined.ran[0]!.more, 490);
  assert.equal(joined.touched[0]!.packages[0]!.more, 480);
});

test('the latest report of a name counts, and what was not assessed says so', () => {
  const older = { ...imageReport('a.io/x:1', [result([vulnerability('HIGH')])]), createdAt: '2025-01-01T00:00:00Z' };
  const newer = imageReport('a.io/x:1', [result([], { assessed: false })]);
  for (const both of [
    [older, newer],
    [newer, older],
  ]) {
    const { image } = joinAlert(readAlert(bytes(alert({ 'container.image': 'a.io/x:1' }))), indexFindings(both));
    assert.deepEqual(image, {
      name: 'a.io/x:1',
      scannedAt: newer.createdAt,
      assessed: false,
      vulnerabilities: { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, UNKNOWN: 0 },
      exploited: 0,
    });
  }
});

test('what is no alert is refused', () => {
  const cases: [unknown, RegExp][] = [
    [[], /the alert is no object/],
    [null, /the alert is no object/],
    [alert({}, { rule: '' }), /rule is missing/],
    [alert({}, { rule: 1 }), /rule is no text/],
    [alert({}, { priority: 'urgent' }), /priority/],
    [alert({}, { priority: 'toString' }), /priority/],
    [alert({}, { time: 'now' }), /time/],
    [alert([]), /output_fields is no object/],
    [{ ...alert({}), output_fields: undefined }, /output_fields is no object/],
    [alert(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, 1]))), /more than 256/],
  ];
  for (const [value, message] of cases) assert.throws(() => readAlert(bytes(value)), { name: 'FormatError', message });
  assert.equal(readAlert(bytes(alert({}, { priority: 'info' }))).priority, 'Informational');
  assert.equal(readAlert(bytes(alert({}, { rule: 'x'.repeat(9999) }))).rule.length, 4096);
});

test('damaged alerts are refused as such, and odd ones joined', () => {
  const good = bytes(alert({ ...byDigest, 'proc.exepath': '/usr/bin/openssl', 'fd.name': '/etc/token' }));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
      const damaged = cut ? good.slice(0, at) : Uint8Array.from(good, (b, i) => (i === at ? byte : b));
      try {
        joinAlert(readAlert(damaged), index);
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
  );
  const names = fc.constantFrom(
    'container.image',
    'container.image.digest',
    'container.image.repository',
    'container.image.tag',
    'container.image.id',
    'proc.exepath',
    'fd.name',
    '__proto__',
    'constructor',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, fc.oneof(fc.string({ unit: 'binary' }), fc.constant('/'.repeat(4096)), fc.anything()))),
      (pairs) => {
        // As text: an object would hold each key once, and none called __proto__.
        const odd = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`);
        const text = JSON.stringify(alert({})).replace('{}', () => `{${odd.join(',')}}`);
        joinAlert(readAlert(new TextEncoder().encode(text)), index);
      },
    ),
  );
});
