import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fakeWorld } from '#platform/fakes';
import { main } from './main.js';
import { chooseTemplate, type TemplateChoice } from './template-choice.js';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'template-'));
  await mkdir(join(cwd, 'contrib'));
  await writeFile(join(cwd, 'my.tpl'), '{{ range . }}{{ .Target }}{{ end }}\n');
  await writeFile(join(cwd, 'contrib/junit.tpl'), 'own');
  await writeFile(
    join(cwd, 'report.json'),
    JSON.stringify({ SchemaVersion: 2, ArtifactName: 'app', Results: [{ Target: 'a.lock', Class: 'lang-pkgs' }] }),
  );
});
after(() => rm(cwd, { recursive: true }));

test('a file, the text itself, or the format of the same name', async () => {
  const choices: Readonly<Record<string, TemplateChoice>> = {
    '@my.tpl': { format: 'template', template: { name: 'my.tpl', text: '{{ range . }}{{ .Target }}{{ end }}\n' } },
    '{{ . }}': { format: 'template', template: { name: 'template', text: '{{ . }}' } },
    '@contrib/junit.tpl': { format: 'template', template: { name: 'contrib/junit.tpl', text: 'own' } },
    '@contrib/html.tpl': { format: 'html' },
    '@/no/such/templates/gitlab.tpl': { format: 'gitlab' },
    '@contrib/sarif.tpl': { format: 'sarif' },
  };
  for (const [value, choice] of Object.entries(choices))
    assert.deepEqual(await chooseTemplate(value, fakeWorld({ cwd })), choice, value);
  for (const value of ['@nope.tpl', '@junit.tpl', '@contrib/other.tpl'])
    await assert.rejects(chooseTemplate(value, fakeWorld({ cwd })), /no such file/);
});

test('a report through a template; without one there is none', async () => {
  const world = fakeWorld({ cwd });
  assert.equal(await main(['convert', '-f', 'template', '-t', '@my.tpl', 'report.json'], world), 0);
  assert.equal(world.written.stdout, 'a.lock\n');
  const without = fakeWorld({ cwd });
  assert.equal(await main(['convert', '-f', 'template', 'report.json'], without), 1);
  assert.match(without.written.stderr, /needs --template/);
});
