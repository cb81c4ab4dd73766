import { strict as assert } from 'node:assert';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PratiqueError } from '#base';
import { fakeWorld } from '#platform/fakes';
import { cloneRepository, type CloneOptions } from './clone.js';
import { readGitMetadata } from './metadata.js';
import {
  certificateFile,
  commitFiles,
  git,
  gitEnvironment,
  gitInstalled,
  gitServer,
  type GitServer,
  testPlace,
  writeFiles,
} from './server.test.kit.js';

const skip = !gitInstalled && 'git is not installed';
const place = testPlace();
const lock = '{"lockfileVersion": 3}\n';
let server: GitServer;
let ids: Record<'first' | 'side' | 'last', string>;

before(async () => {
  if (skip) return;
  const work = join(place.path, 'work');
  git(place.path, 'init', '--quiet', '--initial-branch', 'main', work);
  const first = commitFiles(work, { 'package-lock.json': '{}\n' }, 'First');
  git(work, 'tag', 'v1');
  git(work, 'switch', '--quiet', '--create', 'side/way');
  const side = commitFiles(work, { 'side.txt': 'side\n' }, 'Aside');
  git(work, 'tag', 'twin');
  git(work, 'switch', '--quiet', 'main');
  const last = commitFiles(work, { 'package-lock.json': lock, 'a/b/run.sh': '#!/bin/sh\n' }, 'Last\n\nwith a body');
  git(work, 'tag', 'v2');
  git(work, 'tag', '--annotate', '--message', 'x', 'v2-annotated');
  git(work, 'branch', 'twin', 'main');
  git(place.path, 'clone', '--quiet', '--bare', work, 'group/project.git');
  ids = { first, side, last };
  server = await gitServer(place.path);
});

after(async () => {
  await server?.close();
  place.remove();
});

/** Without a PATH there is no git. */
const ways = { program: gitEnvironment, library: { ...gitEnvironment, PATH: '' } } as const;

async function cloned<T>(
  url: string,
  options: CloneOptions,
  env: Readonly<Record<string, string>>,
  look: (path: string) => T,
): Promise<T> {
  const world = fakeWorld({ env });
  const clone = await cloneRepository(url, { insecure: true, ...options }, world);
  try {
    return look(clone.path);
  } finally {
    await clone.close();
    assert.ok(!existsSync(clone.path));
  }
}

const commit = (path: string): string | undefined => readGitMetadata(path)?.commit;

for (const [way, env] of Object.entries(ways)) {
  test(`what is checked out, by ${way}`, { skip }, async () => {
    const url = `http://${server.host}/group/project.git`;
    const cases: readonly (readonly [
      CloneOptions,
      keyof typeof ids,
      string | undefined,
      readonly string[] | undefined,
    ])[] = [
      [{}, 'last', 'main', ['v2']],
      [{ branch: 'side/way' }, 'side', 'side/way', ['twin']],
      [{ tag: 'v1' }, 'first', undefined, ['v1']],
      [{ tag: 'v2-annotated' }, 'last', undefined, ['v2']],
      // A branch of that name is elsewhere.
      [{ tag: 'twin' }, 'side', undefined, ['twin']],
      [{ branch: 'main', tag: 'v1' }, 'first', undefined, ['v1']],
      [{ commit: ids.first }, 'first', undefined, ['v1']],
      [{ commit: ids.first.slice(0, 10) }, 'first', undefined, ['v1']],
    ];
    for (const [options, id, branch, tags] of cases) {
      const metadata = await cloned(url, options, env, (path) => {
        assert.equal(existsSync(join(path, 'package-lock.json')), true);
        assert.equal(existsSync(join(path, 'side.txt')), id === 'side');
        return readGitMetadata(path);
      });
      const seen = [metadata?.commit, metadata?.branch, metadata?.tags, metadata?.repoUrl];
      assert.deepEqual(seen, [ids[id], branch, tags, url], JSON.stringify(options));
    }
  });

  test(`content, modes and metadata, by ${way}`, { skip }, async () => {
    await cloned(`http://${server.host}/group/project.git`, {}, env, (path) => {
      assert.equal(readFileSync(join(path, 'package-lock.json'), 'utf8'), lock);
      assert.equal(readFileSync(join(path, 'a/b/run.sh'), 'utf8'), '#!/bin/sh\n');
      assert.deepEqual(readdirSync(path).sort(), ['.git', 'a', 'package-lock.json']);
      const metadata = readGitMetadata(path);
      assert.equal(metadata?.commitMessage, 'Last\n\nwith a body');
      assert.equal(metadata?.author, 'Ada Example <ada@example.org>');
      assert.equal(metadata?.committer, 'Bob Example <bob@example.org>');
    });
  });

  test(`what is not there, by ${way}`, { skip }, async () => {
    const url = `http://${server.host}/group/project.git`;
    const missing: readonly (readonly [string, CloneOptions, string, RegExp])[] = [
      [url, { branch: 'none' }, 'git/no-such-revision', /no branch none$/],
      [url, { tag: 'none' }, 'git/no-such-revision', /no tag none$/],
      [url, { commit: 'deadbeef' }, 'git/no-such-revision', /no commit deadbeef$/],
      [url, { commit: '-x' }, 'git/no-such-revision', /no commit -x$/],
      [url, { branch: '--upload-pack=touch x' }, 'git/no-such-revision', /no branch --upload/],
      [url, { branch: '../../x' }, 'git/no-such-revision', /no branch/],
      [`http://${server.host}/group/none.git`, {}, 'git/clone-failed', /none\.git could not be cloned/],
      ['http://127.0.0.1:1/x/y', {}, 'git/clone-failed', /could not be cloned/],
    ];
    for (const [from, options, code, message] of missing) {
      await assert.rejects(
        cloned(from, options, env, () => {}),
        { code, message },
        JSON.stringify([from, options]),
      );
    }
  });

  test(`tokens go to their host only, by ${way}`, { skip }, async () => {
    const secret = 'glpat-very-secret';
    const closed = await gitServer(place.path, { password: secret });
    const url = `http://${closed.host}/group/project.git`;
    try {
      const good = { ...env, GITLAB_HOST: closed.host, GITLAB_TOKEN: secret };
      await cloned(url, {}, good, (path) => {
        assert.equal(readGitMetadata(path)?.commit, ids.last);
        assert.doesNotMatch(readFileSync(join(path, '.git/config'), 'utf8'), /secret/);
      });
      await cloned(url.replace('://', `://me:${secret}@`), {}, env, (path) => {
        assert.equal(readGitMetadata(path)?.repoUrl, url);
      });
      closed.authorizations.length = 0;
      const elsewhere = { ...env, GITHUB_TOKEN: secret, GITLAB_TOKEN: secret, CI_JOB_TOKEN: secret };
      for (const [variables, advice] of [
        [{ ...env, GITLAB_HOST: closed.host }, /set GITLAB_TOKEN/],
        [elsewhere, /give credentials in the URL/],
      ] as const) {
        await assert.rejects(
          cloned(url, {}, variables, () => {}),
          (error: PratiqueError) => advice.test(error.hint),
        );
      }
      assert.deepEqual(closed.authorizations.filter(Boolean), []);
      const wrong = { ...env, GITLAB_HOST: closed.host, GITLAB_TOKEN: 'not-the-secret' };
      await assert.rejects(
        cloned(url, {}, wrong, () => {}),
        (error: PratiqueError) => {
          assert.equal(error.code, 'git/clone-failed');
          assert.doesNotMatch(`${error.message}${error.hint}`, /not-the-secret/);
          return /credentials may read it/.test(error.hint);
        },
      );
      // Without --insecure, nothing secret goes over plain http.
      closed.authorizations.length = 0;
      await assert.rejects(
        cloned(url, { insecure: false }, good, () => {}),
        { code: 'git/clone-failed' },
      );
      assert.deepEqual(closed.authorizations.filter(Boolean), []);
    } finally {
      await closed.close();
    }
  });

  test(`certificates, by ${way}`, { skip }, async () => {
    const secure = await gitServer(place.path, { secure: true, password: 'ghs-secret' });
    const variables = { ...env, GITHUB_SERVER_URL: `https://${secure.host}`, GITHUB_TOKEN: 'ghs-secret' };
    const url = `${secure.host}/group/project.git`;
    try {
      await assert.rejects(
        cloned(url, { insecure: false }, variables, () => {}),
        { code: 'git/clone-failed' },
      );
      for (const trust of [{ insecure: true }, { insecure: false, caFile: certificateFile }])
        assert.equal(await cloned(url, trust, variables, commit), ids.last);
    } finally {
      await secure.close();
    }
  });

  test(`a hostile repository runs nothing and leaves nothing outside, by ${way}`, { skip }, async () => {
    const pwned = join(place.path, `pwned-by-${way}`);
    const work = join(place.path, `hostile-${way}`);
    git(place.path, 'init', '--quiet', '--initial-branch', 'main', work);
    writeFiles(work, {
      '.gitmodules': `[submodule "x"]\n\tpath = sub\n\turl = ext::touch ${pwned}\n\tupdate = !touch ${pwned}\n`,
      '.gitattributes': '* filter=lfs\n*.x filter=evil\n',
      'link-out': '-> ../../../../../../etc/passwd',
      'link-dir': '-> /tmp',
      'big.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      '-rf': 'a name like an option\n',
      'ok.txt': 'ok\n',
    });
    git(work, 'add', '--all');
    git(work, 'update-index', '--add', '--cacheinfo', `160000,${ids.last},sub`);
    git(work, 'commit', '--quiet', '--message', '\u001b[2J evil');
    git(place.path, 'clone', '--quiet', '--bare', work, `hostile-${way}.git`);
    await cloned(`http://${server.host}/hostile-${way}.git`, {}, env, (path) => {
      assert.equal(readFileSync(join(path, 'ok.txt'), 'utf8'), 'ok\n');
      assert.ok(!existsSync(join(path, 'sub', '.git')));
      for (const name of ['link-out', 'link-dir'])
        assert.ok(!lstatSync(join(path, name), { throwIfNoEntry: false })?.isFile());
    });
    assert.ok(!existsSync(pwned));
  });
}

test('an interrupted clone is removed', { skip }, async () => {
  const temporary = join(place.path, 'temporary');
  mkdirSync(temporary);
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  try {
    const controller = new AbortController();
    const world = fakeWorld({ env: gitEnvironment, signal: controller.signal });
    const running = cloneRepository(`http://${server.host}/group/project.git`, { insecure: true }, world);
    setTimeout(() => controller.abort(new PratiqueError('scan/interrupted')), 15);
    await assert.rejects(running, { code: 'scan/interrupted' });
    assert.deepEqual(readdirSync(temporary), []);
  } finally {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  }
});

test('without git, only http(s)', async () => {
  const env = { PATH: '' };
  for (const url of ['ssh://git@127.0.0.1:1/x', 'git://127.0.0.1:1/x']) {
    await assert.rejects(
      cloned(url, {}, env, () => {}),
      { code: 'git/clone-failed', message: /git is not installed/ },
    );
  }
});
