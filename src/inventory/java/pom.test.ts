import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { pom } from './pom.js';
import { pomPaths } from './pom-project.js';

const project = (content: string): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">${content}</project>`;
const own = (artifact: string, version = '1.0'): string =>
  `<groupId>g</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
const dependency = (artifact: string, version = '', more = ''): string =>
  `<dependency><groupId>d</groupId><artifactId>${artifact}</artifactId>${version && `<version>${version}</version>`}${more}</dependency>`;
const dependencies = (...list: readonly string[]): string => `<dependencies>${list.join('\n')}</dependencies>`;
const managed = (...list: readonly string[]): string =>
  `<dependencyManagement>${dependencies(...list)}</dependencyManagement>`;
const parent = (artifact: string, more = ''): string =>
  `<parent><groupId>g</groupId><artifactId>${artifact}</artifactId><version>1.0</version>${more}</parent>`;

const plain = (id: string): string => id.replace(/::.*$/, '');

/** Rows without the hash of the ids, by path of the project file. */
async function rows(tree: Record<string, string>): Promise<Record<string, readonly string[]>> {
  const { applications } = await extractTree(pom, tree);
  return Object.fromEntries(
    applications.map(({ path, packages }) => [
      path,
      packages.map(({ id, relationship, dependsOn = [] }) =>
        [plain(id!), relationship, ...dependsOn.map(plain)].join(' '),
      ),
    ]),
  );
}

test('dependencies by scope, with properties and managed versions', async () => {
  const text = project(`${own('a')}
    <properties><v>2.0</v><w>\${v}-\${project.version}</w><loop>\${loop}</loop></properties>
    ${managed(dependency('managed', '3.0'), dependency('tested', '1', '<scope>test</scope>'), dependency('bom', '1', '<scope>import</scope>'))}
    ${dependencies(
      dependency('plain', ' 1.0 '),
      dependency('property', '${w}'),
      dependency('managed'),
      dependency('tested'),
      dependency('bom'),
      dependency('range', '[1.0,2.0)'),
      dependency('exact', '[1.5]'),
      dependency('loop', '${loop}'),
      dependency('unknown', '${unknown}'),
      dependency('runtime', '1', '<scope>runtime</scope>'),
      dependency('provided', '1', '<scope>provided</scope>'),
      dependency('optional', '1', '<optional>true</optional>'),
    )}`);
  const direct = [
    'd:plain:1.0',
    'd:property:2.0-1.0',
    'd:managed:3.0',
    'd:bom',
    'd:range',
    'd:exact:1.5',
    'd:loop',
    'd:unknown',
    'd:runtime:1',
  ];
  const versioned = ['d:exact:1.5', 'd:managed:3.0', 'd:plain:1.0', 'd:property:2.0-1.0', 'd:runtime:1'];
  assert.deepEqual(await rows({ 'pom.xml': text }), {
    'pom.xml': [`g:a:1.0 root ${versioned.join(' ')}`, ...direct.map((id) => `${id} direct`)],
  });
});

test('parents in the tree are inherited from', async () => {
  const found = await rows({
    'pom.xml': project(`${own('top')}<properties><v>1</v></properties>${managed(dependency('x', '${v}'))}`),
    'mid/pom.xml': project(
      `${parent('top')}<artifactId>mid</artifactId>${dependencies(dependency('x'), dependency('y', '${project.artifactId}'))}`,
    ),
    'mid/low/pom.xml': project(`${parent('mid')}<artifactId>low</artifactId><properties><v>2</v></properties>`),
  });
  assert.deepEqual(found, {
    'pom.xml': ['g:top:1.0 root'],
    'mid/pom.xml': ['g:mid:1.0 root d:x:1 d:y:mid', 'd:x:1 direct', 'd:y:mid direct'],
    'mid/low/pom.xml': ['g:low:1.0 root d:x:2 d:y:low', 'd:x:2 direct', 'd:y:low direct'],
  });
});

test('a parent elsewhere leaves the project without name, and is a diagnostic', async () => {
  const tree = {
    'pom.xml': project(`${parent('far')}<artifactId>a</artifactId>${dependencies(dependency('x', '1'))}`),
  };
  assert.deepEqual(await rows(tree), { 'pom.xml': ['d:x:1 direct'] });
  assert.deepEqual((await extractTree(pom, tree)).reports, ['unresolved-parent', 'unresolved-dependencies']);
});

test('modules are workspaces', async () => {
  const found = await rows({
    'pom.xml': project(
      `${own('root')}<modules><module>m</module><module>missing</module><module>../out</module></modules>`,
    ),
    'm/pom.xml': project(`${own('m')}<modules><module>n</module><module>..</module></modules>`),
    'm/n/pom.xml': project(`${own('n')}${dependencies(dependency('x', '1'))}`),
  });
  assert.deepEqual(found['pom.xml'], [
    'g:root:1.0 root g:m:1.0 g:n:1.0',
    'g:m:1.0 workspace',
    'g:n:1.0 workspace d:x:1',
    'd:x:1 direct',
  ]);
});

test('ids hold a hash of the project file as the user named it', async () => {
  const tree = { 'pom.xml': project(own('hard', '1.0.0').replace('>g<', '>com.example<')) };
  for (const directory of ['input', './input/']) {
    const options = { includeDev: false, detection: 'precise', directory } as const;
    const { applications } = await extractTree(pom, tree, options);
    assert.equal(applications[0]?.packages[0]?.id, 'com.example:hard:1.0.0::9bccfea1');
  }
});

test('projects of integration tests are for development, licenses are normalised', async () => {
  const text = project(`${own('a')}<licenses><license><name>Apache 2.0</name></license></licenses>`);
  const { applications } = await extractTree(pom, { 'x/src/it/y/pom.xml': text });
  assert.deepEqual(applications[0]?.packages[0]?.licenses, ['Apache-2.0']);
  assert.equal(applications[0]?.packages[0]?.dev, true);
});

test('paths stay in the tree', () => {
  assert.deepEqual(pomPaths('a/b/pom.xml', '../pom.xml'), ['a/pom.xml', 'a/pom.xml/pom.xml']);
  assert.deepEqual(pomPaths('a/pom.xml', '..'), ['', 'pom.xml']);
  assert.deepEqual(pomPaths('pom.xml', '../x'), []);
});

test('properties that grow without end are cut', async () => {
  const names = [...'abcdefghij'];
  const properties = names.map((name, i) => `<${name}>${`\${${names[i + 1] ?? 'a'}}`.repeat(100)}</${name}>`).join('');
  await rows({
    'pom.xml': project(`${own('a')}<properties>${properties}</properties>${dependencies(dependency('x', '${a}'))}`),
  });
});

test('what is no project is refused', async () => {
  for (const text of ['{}', '<html/>']) await assert.rejects(extractTree(pom, { 'pom.xml': text }), FormatError);
});

test('damaged files', () => {
  const text = project(`${own('a')}<modules><module>m</module></modules>${dependencies(dependency('x', '${v}'))}`);
  return assertSurvivesDamage(pom, 'pom.xml', {
    'pom.xml': text,
    'm/pom.xml': project(`${parent('a')}<artifactId>m</artifactId>`),
  });
});
