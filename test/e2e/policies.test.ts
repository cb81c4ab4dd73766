/** Policies given by `--ignore-policy`, through the program. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeDockerArchive } from '#artifact/fakes';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage } from './kit/images.js';
import { pratique } from './kit/program.js';
import { findingsOf, reportOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const { at, offline } = workplace();
writeFileSync(at('image.tar'), makeDockerArchive(alpineImage()));
const image = ['image', '--input', at('image.tar'), ...offline];

const low = `package trivy
import data.lib.trivy
default ignore = false
severities := {"LOW", "NONE"}
ignore { input.Severity == severities[_] }
ignore {
  vector := trivy.parse_cvss_vector_v3(input.CVSS.nvd.V3Vector)
  vector.AttackVector == "Physical"
}
`;
const zlib = `package trivy
import rego.v1
ignore if {
  some name in ["zlib", "musl"]
  input.PkgName == name
  regex.match("^CVE-[0-9]{4}-0001$", input.VulnerabilityID)
}
`;

function policy(name: string, text: string): readonly string[] {
  writeFileSync(at(name), text);
  return ['--ignore-policy', at(name)];
}

test('findings that a policy in Rego ignores are suppressed, with its file and why', async () => {
  const ran = await pratique([...image, ...policy('low.rego', low), '--show-suppressed']);
  assert.equal(ran.code, 0, ran.stderr);
  const { Results = [] } = reportOf(ran);
  assert.deepEqual(
    findingsOf(ran),
    alpineFindings.filter((line) => !line.includes('0002')),
  );
  const suppressed = Results.flatMap((result) => (result as Suppressing).ExperimentalModifiedFindings ?? []);
  assert.deepEqual(
    suppressed.map(({ Type, Status, Statement, Source, Finding }) => [
      Type,
      Status,
      Statement,
      Source,
      Finding.VulnerabilityID,
    ]),
    [['vulnerability', 'ignored', 'Filtered by Rego', at('low.rego'), 'CVE-2099-0002']],
  );
});

interface Suppressing {
  readonly ExperimentalModifiedFindings?: readonly {
    readonly Type: string;
    readonly Status: string;
    readonly Statement: string;
    readonly Source: string;
    readonly Finding: { readonly VulnerabilityID: string };
  }[];
}

test('the newer syntax; what is ignored does not decide the exit code', async () => {
  const ran = await pratique([...image, ...policy('zlib.rego', zlib), '--exit-code', '3', '--severity', 'HIGH']);
  assert.deepEqual([findingsOf(ran), ran.code], [[], 0]);
});

test('another report of a scan, filtered', async () => {
  const scanned = await pratique(image);
  writeFileSync(at('report.json'), scanned.stdout);
  const ran = await pratique(['convert', '--format', 'json', '--quiet', ...policy('low.rego', low), at('report.json')]);
  assert.deepEqual(
    findingsOf(ran),
    alpineFindings.filter((line) => !line.includes('0002')),
  );
});

test('secrets by their own fields', async () => {
  mkdirSync(at('tree'));
  writeFileSync(at('tree', 'key.txt'), `token = "ghp_${'a1B2c3D4e5F6'.repeat(3)}"\n`);
  const secrets = ['fs', ...offline, '--scanners', 'secret', at('tree')];
  const count = async (...options: readonly string[]): Promise<number> => {
    const { Results = [] } = reportOf(await pratique([...secrets, ...options]));
    return Results.flatMap((result) => (result as { Secrets?: readonly unknown[] }).Secrets ?? []).length;
  };
  assert.equal(await count(), 1);
  const text = 'package trivy\nignore { input.Type == "secret"; input.RuleID == "github-pat" }';
  assert.equal(await count(...policy('secret.rego', text)), 0);
});

const broken: readonly (readonly [text: string, message: RegExp])[] = [
  ['package trivy\nignore {', /broken\.rego: line 2, column 9: a term is expected, not the end/],
  ['package trivy\nignore { http.send({"url": input.PrimaryURL}) }', /column 10: http\.send is not allowed/],
  ['package trivy\nignore { nothing_of_the_kind(input) }', /there is no function nothing_of_the_kind/],
  [
    'package trivy\nignore { numbers.range(1, 1000000000)[_] == input }',
    /takes more than 500000 steps for one finding/,
  ],
  ['package trivy\nignore = x { x := input.Severity }', /ignore is "[A-Z]+" \(string\), not true or false/],
];
for (const [text, message] of broken)
  test(`refused: ${text.split('\n')[1]}`, async () => {
    assertFails(await pratique([...image, ...policy('broken.rego', text)]), message);
  });

test('a directory is no policy', async () => {
  mkdirSync(at('policies.rego'));
  assertFails(await pratique([...image, '--ignore-policy', at('policies.rego')]), /policies\.rego: is a directory/);
});
