/** The examples for CI systems: documents that parse, with options and formats that the program has. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { makeDockerArchive } from '#artifact/fakes';
import { formatIds } from '#report';
import { alpineFindings, alpineImage } from './kit/images.js';
import { pratique } from './kit/program.js';
import { workplace } from './kit/workplace.js';

const { at, offline } = workplace();
const files = ['Jenkinsfile', 'azure-pipelines.yml', 'gitlab.yml', 'tekton.yaml'];
const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../deploy/ci/${file}`, import.meta.url)), 'utf8');

for (const file of files) {
  test(`${file} gives options and formats that there are`, async () => {
    const text = read(file);
    if (file !== 'Jenkinsfile') assert.equal(typeof load(text), 'object');
    const { stdout } = await pratique(['image', '--help']);
    const options = [...text.matchAll(/(?<=[\s[,])--[a-z][a-z-]+/g)].map(([option]) => option);
    assert.ok(options.length >= 3);
    for (const option of options) assert.match(stdout, new RegExp(`${option}\\b`));
    const formats = [...text.matchAll(/--output[ ,]+([a-z-]+)=/g)].map(([, format]) => format!);
    assert.ok(formats.length > 0);
    for (const format of formats) assert.ok((formatIds as readonly string[]).includes(format), format);
  });
}

test('the count of the Tekton task is the number of findings', async () => {
  writeFileSync(at('image.tar'), makeDockerArchive(alpineImage()));
  await pratique(['image', ...offline, '--output', at('report.json'), '--input', at('image.tar')]);
  const task = load(read('tekton.yaml')) as { spec: { steps: { name: string; args: string[] }[] } };
  const script = task.spec.steps.find(({ name }) => name === 'count')!.args[0]!;
  const here = script.replace('/work/report.json', at('report.json')).replace('$(results.findings.path)', at('count'));
  execFileSync('sh', ['-c', here]);
  assert.equal(readFileSync(at('count'), 'utf8'), String(alpineFindings.length));
});
