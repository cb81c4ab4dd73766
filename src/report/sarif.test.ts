import assert from 'node:assert/strict';
import { test } from 'node:test';
import { severities, type Package, type Report, type Result } from '#model';
import { sarif } from './sarif.js';
import { formatOptions, sampleReport, vulnerability } from './sample-report.test.kit.js';

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
  readonly invocations?: readonly { toolExecutionNotifications: readonly { message: { text: string } }[] }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { uri: string };
        readonly region: Record<string, number>;
      };
    }[];
    readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  }[];
  readonly originalUriBaseIds?: unknown;
  readonly properties?: unknown;
}
interface Rule {
  readonly id: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly properties: {
    readonly 'security-severity': string;
    readonly tags: readonly string[];
    readonly pratique?: unknown;
  };
}

async function write(report: Report): Promise<Run> {
  let text = '';
  for await (const chunk of sarif.encode(report, formatOptions)) text += chunk;
  return (JSON.parse(text) as { runs: [Run] }).runs[0];
}

const locked = (packages: readonly Package[], vulnerabilities: Result['vulnerabilities']): Report => ({
  ...sampleReport,
  artifactType: 'filesystem',
  results: [{ target: 'a.lock', class: 'lang-pkgs', type: 'npm', packages, vulnerabilities }],
});

test('rules by id, results by rule, in the order of the report', async () => {
  const run = await write(sampleReport);
  assert.deepEqual(
    run.tool.driver.rules.map(({ id }) => id),
    ['CVE-2030-1', 'CVE-2030-2', 'tool:GPL-2.0-or-later'],
  );
  for (const { ruleId, ruleIndex } of run.results) assert.equal(run.tool.driver.rules[ruleIndex]!.id, ruleId);
  assert.deepEqual(
    run.results.map(({ level }) => level),
    ['error', 'note', 'error', 'error'],
  );
  assert.equal(run.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri, 'team/app');
  assert.equal(run.results[2]!.locations[0]!.physicalLocation.artifactLocation.uri, 'app/gradle.lockfile');
  assert.deepEqual(run.results[2]!.locations[0]!.physicalLocation.region, {
    startLine: 7,
    startColumn: 1,
    endLine: 9,
    endColumn: 1,
  });
  assert.deepEqual(run.tool.driver.rules[1]!.properties.pratique, {
    cwes: ['CWE-79'],
    dataSource: 'alpine',
    severitySource: 'nvd',
  });
});

test('the score is that of the source whose severity counts, else the middle of the band', async () => {
  const pkg = { name: 'a', version: '1' };
  const run = await write(
    locked(
      [pkg],
      [
        vulnerability(pkg, { id: 'A' }),
        vulnerability(pkg, { id: 'B', severitySource: 'redhat' }),
        vulnerability(pkg, { id: 'C', severitySource: '__proto__', severity: 'UNKNOWN' }),
      ],
    ),
  );
  assert.deepEqual(
    run.tool.driver.rules.map(({ properties }) => properties['security-severity']),
    ['9.8', '8.0', '0.0'],
  );
});

test('directories are the base of locations; images have properties instead', async () => {
  assert.deepEqual((await write(locked([], []))).originalUriBaseIds, {
    ROOTPATH: { uri: 'file:///work/some%20project/' },
  });
  const image = await write(sampleReport);
  assert.equal(image.originalUriBaseIds, undefined);
  assert.equal((image.properties as { imageName: string }).imageName, sampleReport.artifactName);
});

const fingerprintsOf = async (version: string): Promise<string[]> => {
  const pkg: Package = { name: 'a', version, locations: [{ start: version.length, end: 9 }] };
  const run = await write(locked([pkg], [vulnerability(pkg), vulnerability(pkg)]));
  return run.results.map((result) => result.partialFingerprints.primaryLocationLineHash);
};

test('fingerprints outlive versions and lines; equal findings are numbered', async () => {
  const [first, second] = await fingerprintsOf('1');
  assert.deepEqual(await fingerprintsOf('1.0.1'), [first, second]);
  assert.match(first!, /^[0-9a-f]{16}:1$/);
  assert.equal(second, first!.replace(/1$/, '2'));
});

test('at most 20 locations a result', async () => {
  const pkg = {
    name: 'a',
    version: '1',
    locations: Array.from({ length: 50 }, (_, i) => ({ start: i + 1, end: i + 1 })),
  };
  const run = await write(locked([pkg], [vulnerability(pkg)]));
  assert.equal(run.results[0]!.locations.length, 20);
});

test('of too many results the gravest are kept, in order, and the others counted', async () => {
  const pkg = { name: 'a', version: '1' };
  const all = Array.from({ length: 25_010 }, (_, i) =>
    vulnerability(pkg, { id: `V-${i}`, severity: severities[i % 5]! }),
  );
  const run = await write(locked([pkg], all));
  assert.equal(run.results.length, 25_000);
  assert.match(run.invocations![0]!.toolExecutionNotifications[0]!.message.text, /^10 results/);
  const ids = run.results.map(({ ruleId }) => Number(ruleId.slice(2)));
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => a - b),
  );
  assert.equal(ids.filter((i) => i % 5 !== 0).length, 25_010 * 0.8);
});

test('names from a target make no links, cells or tags', async () => {
  const name = 'x](javascript:alert(1))|<img src=x>`\nSeverity: LOW';
  const pkg = { name, version: '1' };
  const run = await write(locked([pkg], [vulnerability(pkg)]));
  const { help } = run.tool.driver.rules[0]!;
  for (const text of [help.text, help.markdown, run.results[0]!.message.text]) {
    assert.ok(!text.includes('](javascript'));
    assert.ok(!text.includes('\nSeverity: LOW'));
  }
  assert.ok(!help.markdown.includes('<img'));
  assert.equal(help.markdown.split('\n')[3]!.replaceAll('\\|', '').split('|').length, 6);
});
