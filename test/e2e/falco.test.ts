/** Rules and alerts of Falco, as users come to them: an image is scanned, its report makes rules, and an alert meets it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { freePort } from '../fakes/free-port.js';
import { compileFilter, expandRules, noCompiler } from '../fakes/falco-filter.js';
import { noRegistry, type RealRegistry, realRegistry } from '../fakes/real-registry.js';
import { alpineImage } from './kit/images.js';
import { environment, pratique, program } from './kit/program.js';
import { pushImage } from './kit/push.js';
import { workplace } from './kit/workplace.js';

suite('falco', { skip: noRegistry, timeout: 120_000 }, () => {
  const { at, offline } = workplace();
  let registry: RealRegistry;
  let image: string;
  let digest: string;

  before(async () => {
    registry = await realRegistry();
    image = `${registry.host}/made/app:1`;
    ({ digest } = await pushImage(registry, 'made/app', '1', alpineImage()));
    const scanned = await pratique(['image', ...offline, '--format', 'json', '--output', at('report.json'), image]);
    assert.equal(scanned.code, 0, scanned.stderr);
    const made = await pratique(['falco', 'rules', '--output', at('rules.yaml'), at('report.json')]);
    assert.equal(made.code, 0, made.stderr);
  });
  after(() => registry?.stop());

  test('the rules name the image by repository, tag and digest', () => {
    const { condition, output } = expandRules(readFileSync(at('rules.yaml'), 'utf8')).get(
      'Pratique Container Of Image With Critical Vulnerabilities',
    )!;
    assert.match(condition, /evt\.type in \(execve, execveat\) and proc\.vpid = 1 and container\.id != host/);
    assert.ok(condition.includes(`container.image.digest in ("${digest}")`), condition);
    assert.ok(condition.includes(`container.image in ("${image}")`), condition);
    assert.match(output, /%container\.image\.digest/);
  });

  test('the compiler of Falco’s conditions takes every rule', { skip: noCompiler }, () => {
    const rules = expandRules(readFileSync(at('rules.yaml'), 'utf8'));
    assert.equal(rules.size, 7);
    for (const [name, { condition, output }] of rules)
      assert.equal(compileFilter(condition, output, at('empty.scap')), '', name);
    const [{ condition, output }] = [...rules.values()] as [{ condition: string; output: string }];
    for (const [wrong, complaint] of [
      [condition.replace('container.image.digest', 'container.image.digests'), /unrecognized field/],
      [condition.replace(' in (', ' within ('), /filter error/],
      [`${condition})`, /filter error/],
      [condition.replace('evt.type in (execve', 'evt.type in (execvee'), /./],
    ] as const)
      assert.match(compileFilter(wrong, output, at('empty.scap')), complaint, wrong);
    assert.match(compileFilter(condition, `${output} %container.imag`, at('empty.scap')), /./);
  });

  test('an alert becomes an event with the findings of its image, program and file', async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    const [command, ...first] = program;
    const args = ['falco', 'listen', '--report', at('report.json'), '--listen', listen, '--output', at('events.jsonl')];
    const child = spawn(command!, [...first, ...args, '--drain-time', '0s'], {
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const kill = (): boolean => child.kill('SIGKILL');
    process.once('exit', kill);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    try {
      await answering(`http://${listen}/healthz`);
      const answer = await fetch(`http://${listen}/`, { method: 'POST', body: JSON.stringify(alertOf(image, digest)) });
      assert.equal(answer.status, 200);
      const other = alertOf('docker.io/library/other:1', `sha256:${'0'.repeat(64)}`);
      assert.equal((await fetch(`http://${listen}/`, { method: 'POST', body: JSON.stringify(other) })).status, 200);
      const metrics = await (await fetch(`http://${listen}/metrics`)).text();
      assert.match(metrics, /^pratique_falco_alerts_total\{.*\} 1$/m);
      const [event, unknown] = readFileSync(at('events.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as FalcoEvent);
      assert.equal(event!.match, 'digest');
      assert.equal(event!.rule, 'Terminal shell in container');
      const [touched] = event!.touched!;
      assert.equal(touched!.packages![0]!.name, 'made-parser');
      assert.deepEqual(
        touched!.packages![0]!.vulnerabilities.map(({ id }) => id),
        ['CVE-2099-0003', 'CVE-2099-0004'],
      );
      assert.equal(unknown!.match, 'none');
    } finally {
      child.kill('SIGTERM');
      assert.equal(await ended, 0);
      process.removeListener('exit', kill);
    }
  });
});

interface FalcoEvent {
  readonly rule: string;
  readonly match: string;
  readonly touched?: readonly {
    readonly packages?: readonly {
      readonly name: string;
      readonly vulnerabilities: readonly { readonly id: string }[];
    }[];
  }[];
}

/** As Falco sends it with `json_output`. https://falco.org/docs/concepts/outputs/channels/ */
const alertOf = (image: string, digest: string): object => ({
  hostname: 'node-1',
  output: '10:20:05.408091526: Notice A shell was spawned in a container with an attached terminal',
  priority: 'Notice',
  rule: 'Terminal shell in container',
  source: 'syscall',
  tags: ['T1059', 'container', 'shell'],
  time: '2026-11-01T10:20:05.408091526Z',
  output_fields: {
    'container.id': '3ad7b26ded6d',
    'container.image.digest': digest,
    'container.image.repository': image.replace(/:[^:/]*$/, ''),
    'container.image.tag': image.replace(/^.*:/, ''),
    'evt.time': 1_604_224_805_408_091_000,
    'fd.name': '/app/node_modules/made-parser/index.js',
    'k8s.ns.name': 'shop',
    'k8s.pod.name': 'web-1',
    'proc.exepath': '/bin/busybox',
    'proc.name': 'sh',
  },
});

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${url} does not answer`);
}
