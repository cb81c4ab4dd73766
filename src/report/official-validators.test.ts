/**
 * Formats as the programs read them that define or check them: what `scripts/validators.mjs` fetches, xmllint and cmark-gfm
 * of the distribution. A test is left out, with the reason, where its program is missing; CI has all.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import type { Report } from '#model';
import { tempDirectory } from '#platform';
import { findFormat, type FormatId } from './registry.js';
import { anyReport, formatOptions, hostileReport, sampleReport } from './sample-report.test.kit.js';
import { fetched } from './schemas.test.kit.js';

const folder = await tempDirectory();
after(() => folder.remove());

const reports: readonly Report[] = [
  sampleReport,
  hostileReport,
  { ...sampleReport, artifactType: 'filesystem', metadata: {}, results: [] },
  ...fc.sample(anyReport, { numRuns: 12, seed: 7 }),
];

/** The reports as files; yields their paths. */
async function files(id: FormatId, spdxVersion: '2.3' | '3.0' = '2.3'): Promise<readonly string[]> {
  const format = await findFormat(id);
  const paths: string[] = [];
  for (const [i, report] of reports.entries()) {
    let text = '';
    for await (const chunk of format.encode(report, { ...formatOptions, spdxVersion })) text += String(chunk);
    const path = `${folder.path}/${i}-${spdxVersion}.${format.extension}`;
    writeFileSync(path, text);
    paths.push(path);
  }
  return paths;
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', PYTHONPATH: fetched('python') },
  });
  assert.equal(status, 0, `${String(error ?? '')}\n${stdout.slice(0, 4000)}\n${stderr.slice(0, 4000)}`);
  return stdout;
}

const missing = (needs: readonly string[], ...programs: readonly string[]): string | false => {
  const file = needs.find((name) => !fetched(name));
  if (file) return `${file} is not there: run node scripts/validators.mjs`;
  const program = programs.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error);
  return program ? `${program} is not installed` : false;
};

test('SPDX 2.3, tag-value and JSON, by the tools of SPDX', { skip: missing(['python'], 'python3') }, async () => {
  const script = `
import sys
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
problems = [f"{path}: {m.validation_message}" for path in sys.argv[1:] for m in validate_full_spdx_document(parse_file(path))]
print("\\n".join(problems))
sys.exit(1 if problems else 0)`;
  run('python3', ['-c', script, ...(await files('spdx')), ...(await files('spdx-json'))]);
});

test('SPDX 3.0.1, by the bindings of SPDX', { skip: missing(['python'], 'python3') }, async () => {
  const script = `
import sys
from spdx_python_model import v3_0_1 as spdx
for path in sys.argv[1:]:
    found = spdx.SHACLObjectSet()
    with open(path) as file:
        spdx.JSONLDDeserializer().read(file, found)
    assert not found.missing_ids, (path, found.missing_ids)
    assert list(found.foreach_type("SpdxDocument")), path`;
  run('python3', ['-c', script, ...(await files('spdx-json', '3.0'))]);
});

test('JUnit XML, by the schema that Jenkins reads it by', { skip: missing(['junit-10.xsd'], 'xmllint') }, async () => {
  run('xmllint', ['--noout', '--nonet', '--schema', fetched('junit-10.xsd')!, ...(await files('junit'))]);
});

test('HTML, by the checker of the W3C', { skip: missing(['vnu.jar'], 'java') }, async () => {
  run('java', ['-jar', fetched('vnu.jar')!, '--errors-only', ...(await files('html'))]);
});

test("Markdown, by GitHub's own renderer", { skip: missing([], 'cmark-gfm') }, async () => {
  for (const path of await files('markdown')) {
    // Unsafe: what names bring in would be there.
    const html = run('cmark-gfm', ['--unsafe', '-e', 'table', '-e', 'autolink', '-e', 'strikethrough', path]);
    const tags = new Set([...html.matchAll(/<\/?([a-zA-Z!][^\s/>]*)/g)].map(([, name]) => name));
    const expected = new Set('h2 p a ul li table thead tbody tr th td strong'.split(' '));
    for (const name of tags) assert.ok(expected.has(name!), `${name} in ${html.slice(0, 2000)}`);
    for (const [, address] of html.matchAll(/href="([^"]*)"/g)) assert.match(address!, /^https:\/\/example\.org\//);
    for (const [, table] of html.matchAll(/<table>([^]*?)<\/table>/g)) {
      const columns = table!.match(/<th[ >]/g)!.length;
      for (const row of table!.split('</tr>').slice(1, -1)) assert.equal(row.match(/<td[ >]/g)?.length, columns, row);
    }
  }
});

test('CSV, by a strict reader', { skip: missing([], 'python3') }, async () => {
  const script = `
import csv, sys
for path in sys.argv[1:]:
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    assert len({len(row) for row in rows}) == 1, path
    for row in rows[1:]:
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@")), (path, cell)`;
  run('python3', ['-c', script, ...(await files('csv'))]);
});
