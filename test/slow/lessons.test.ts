/**
 * Lessons that newcomers are taught, typed as they are written, in a shell, on a real control plane and a real registry:
 * images of pods by xargs, the operator from its manifest, the overview of a cluster, rules for Falco.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { KubernetesClient } from '#kubernetes';
import { writeDatabase } from '../e2e/kit/database.js';
import { alpineImage, plainImage } from '../e2e/kit/images.js';
import { environment, program } from '../e2e/kit/program.js';
import { pushImage } from '../e2e/kit/push.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNode, until } from '../fakes/cluster-objects.js';
import { noKubectl, projectRoot } from '../fakes/cluster-tools.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { compileFilter, expandRules, noCompiler } from '../fakes/falco-filter.js';
import { freePort } from '../fakes/free-port.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const images = `kubectl get pods -n shop -o jsonpath='{range .items[*]}{range .spec.containers[*]}{.image}{"\\n"}{end}{end}' | sort -u`;

suite('lessons', { skip: noControlPlane || noRegistry || noKubectl, timeout: 300_000 }, () => {
  const { at, cache } = workplace();
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: RealRegistry;

  before(async () => {
    [plane, registry] = await Promise.all([startControlPlane({ controllers: true, kwok: true }), realRegistry()]);
    client = plane.client();
    await makeNode(client, 'node', 'amd64');
    await pushImage(registry, 'made/app', '1', { ...alpineImage(), gzip: true });
    await pushImage(registry, 'made/plain', '1', plainImage);
    await pushImage(registry, 'made/empty', '1', { layers: [[{ name: 'empty', content: '' }]] });
    putOnPath();
    done('kubectl create namespace shop');
    for (const [name, image] of [
      ['web', 'app'],
      ['api', 'plain'],
      ['idle', 'empty'],
    ])
      done(`kubectl create deployment ${name} -n shop --image=${registry.host}/made/${image}:1`);
    done('kubectl wait --for=condition=Available deployment --all -n shop --timeout=60s');
  });
  after(async () => {
    client?.close();
    await Promise.all([plane?.stop(), registry?.stop()]);
  });

  /** Commands named as users name them; what they are told once is in variables. */
  function putOnPath(): void {
    mkdirSync(at('bin'));
    for (const [name, words] of [
      ['pratique', program],
      ['kubectl', [join(process.env['KUBEBUILDER_ASSETS']!, 'kubectl')]],
    ] as const) {
      writeFileSync(at(`bin/${name}`), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
      chmodSync(at(`bin/${name}`), 0o755);
    }
  }

  function sh(script: string) {
    const variables = { KUBECONFIG: plane.kubeconfig, PRATIQUE_CACHE_DIR: cache, PRATIQUE_SKIP_DB_UPDATE: 'true' };
    const env = environment(variables);
    env['PATH'] = `${at('bin')}:${env['PATH']}`;
    return spawnSync('bash', ['-o', 'pipefail', '-c', script], { cwd: projectRoot, env, encoding: 'utf8' });
  }
  function done(script: string): string {
    const { status, stdout, stderr } = sh(script);
    assert.equal(status, 0, `${script}\n${stderr}`);
    return stdout;
  }

  test('5: the image of a pod, and all images of a cluster, by xargs', () => {
    const pod = done(`kubectl get pods -n shop -l app=web -o jsonpath='{.items[0].metadata.name}'`);
    const one = done(`kubectl get pod ${pod} -n shop -o jsonpath='{.spec.containers[0].image}' | xargs pratique image`);
    assert.match(one, /CVE-2099-0001/);
    const all = done(`${images} | xargs -I {} pratique image --severity HIGH,CRITICAL {}`);
    assert.equal(all.match(/^Report Summary$/gm)?.length, 3);
    assert.equal(all.match(/CVE-2099-0003/g)?.length, 2);
    assert.doesNotMatch(all, /CVE-2099-0002/);
    const gate = sh(`${images} | xargs -I {} pratique image --exit-code 1 --severity CRITICAL --quiet {}`);
    assert.equal(gate.status, 123, 'what xargs ends with when a command failed');
  });

  test('5: in parallel, with one cache', () => {
    const into = at('parallel');
    mkdirSync(into);
    const each = `sh -c 'pratique image --format json --output ${into}/$(basename {}).json {}'`;
    done(`for i in 1 2 3 4; do ${images}; done | xargs -P 4 -I {} ${each}`);
    for (const name of ['app:1', 'plain:1', 'empty:1'])
      assert.match(done(`jq -r .ArtifactName '${into}/${name}.json'`), new RegExp(`/${name}$`, 'm'));
  });

  test('7: only JSON, for jq', () => {
    const count = (name: string): string =>
      done(
        `pratique image --severity CRITICAL --quiet --format json ${registry.host}/made/${name}:1 | jq '[.Results[]?.Vulnerabilities | length // 0] | add // 0'`,
      ).trim();
    assert.equal(count('app'), '1');
    assert.equal(count('empty'), '0');
  });

  test('12: the overview of a cluster', () => {
    const summary = done('pratique k8s --report summary');
    assert.match(summary, /│ Namespace │ Resource +│/);
    assert.match(summary, /│ shop +│ Deployment\/web +│ 1 │ 1 │ 1 │ 1 │ +│/);
    assert.match(summary, /│ shop +│ Deployment\/idle +│ +│ +│ +│ +│ +│/);
  });

  test('8: the operator from its manifest, as its own service account', async () => {
    done('kubectl apply -f deploy/static/pratique-operator.yaml');
    done(
      'kubectl wait --for=condition=Ready pod -l app.kubernetes.io/name=trivy-operator -n trivy-system --timeout=60s',
    );
    const operator = await startBeside();
    try {
      await until('reports of all pods', async () =>
        sh('kubectl get vulnerabilityreports -n shop --no-headers').stdout.match(/^replicaset-/gm)?.length === 3
          ? true
          : undefined,
      );
      const shown = done('kubectl get vulnerabilityreports -A');
      assert.match(shown, /^NAMESPACE +NAME +REPOSITORY +TAG +SCANNER +AGE$/m);
      assert.match(shown, /^shop +replicaset-web-\w+-app +made\/app +1 +Pratique +\d+s$/m);
      const wide = done('kubectl get vulnerabilityreports -n shop -o wide');
      assert.match(wide, /made\/app +1 +Pratique +\d+s +1 +1 +1 +1 +0/);
      const named = done(
        'kubectl get vuln -n shop -l trivy-operator.container.name=app -o jsonpath="{.items[*].kind}"',
      );
      assert.equal(named, 'VulnerabilityReport');

      // What the chart alerts on is measured.
      const metrics = await (await fetch(`http://${operator.listen}/metrics`)).text();
      const alerts = done('grep -oE "pratique_operator_\\w+" deploy/helm/pratique/templates/operator/objects.yaml');
      for (const name of alerts.trim().split('\n')) assert.ok(metrics.includes(`# TYPE ${name} `), name);

      // New workloads, and changed images.
      done(`kubectl set image deployment/idle -n shop empty=${registry.host}/made/plain:1`);
      done(`kubectl create deployment late -n shop --image=${registry.host}/made/app:1`);
      for (const [name, counts] of [
        ['idle', '1 +0 +1 +0 +0'],
        ['late', '1 +1 +1 +1 +0'],
      ] as const)
        await until(`the report of ${name}`, async () =>
          new RegExp(`replicaset-${name}-.* ${counts}`).test(sh('kubectl get vuln -n shop -o wide').stdout)
            ? true
            : undefined,
        );
      // New advisories.
      const before = databases();
      writeDatabase(cache, { age: 0.001 });
      await until('reports by the new database', async () => (databases() === before ? undefined : true));
    } finally {
      const { code, log } = await operator.stop();
      assert.equal(code, 0, log);
      assert.doesNotMatch(log, /forbidden/i);
    }
  });

  const databases = (): string =>
    done(`kubectl get vuln -n shop -l trivy-operator.container.name=app -o jsonpath='{.items[0].report.database}'`);

  /** No kubelet starts the pod's program: it runs here, with the arguments of the pod and the token of its account. */
  async function startBeside() {
    const token = done('kubectl create token pratique-operator -n trivy-system').trim();
    const settings = [
      `--server=${plane.server}`,
      `--token=${token}`,
      '--namespace=trivy-system',
      `--certificate-authority=${at('ca.crt')}`,
    ];
    writeFileSync(at('ca.crt'), plane.ca);
    const config = `kubectl --kubeconfig ${at('account')} config`;
    const [server, credentials, namespace, authority] = settings;
    done(`${config} set-cluster c ${server} ${authority} && ${config} set-credentials u ${credentials}`);
    done(`${config} set-context o --cluster=c --user=u ${namespace} && ${config} use-context o`);
    const path = '{.items[0].spec.containers[0].args}';
    const selector = '-l app.kubernetes.io/name=trivy-operator -n trivy-system';
    const args = JSON.parse(done(`kubectl get pod ${selector} -o jsonpath='${path}'`)) as string[];
    const listen = `127.0.0.1:${await freePort()}`;
    const here = ['--kubeconfig', at('account'), '--database-interval', '1s', '--cache-dir', cache];
    const own = args.map((one) => (one.startsWith('--listen=') ? `--listen=${listen}` : one));
    const [command, ...first] = program;
    const child = spawn(command!, [...first, ...own, ...here, '--skip-db-update'], {
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const kill = (): boolean => child.kill('SIGKILL');
    process.once('exit', kill);
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until('a ready operator', async () => {
      assert.equal(child.exitCode, null, log);
      return (await fetch(`http://${listen}/readyz`).catch(() => undefined))?.ok || undefined;
    });
    return {
      listen,
      async stop() {
        child.kill('SIGTERM');
        const code = await ended;
        process.removeListener('exit', kill);
        return { code, log };
      },
    };
  }

  test('13: a rule that fires when a container of a vulnerable image starts', () => {
    done(`kubectl get vulnerabilityreports -A -o json > ${at('reports.json')}`);
    done(`pratique falco rules --severity CRITICAL --output ${at('rules.yaml')} ${at('reports.json')}`);
    done(`pratique k8s --report all --format json --output ${at('cluster.json')}`);
    done(`pratique falco rules --severity CRITICAL --output ${at('other.yaml')} ${at('cluster.json')}`);
    for (const file of [at('rules.yaml'), at('other.yaml')]) {
      assert.ok(existsSync(file));
      const rule = expandRules(done(`cat ${file}`)).get('Pratique Container Of Image With Critical Vulnerabilities')!;
      for (const name of ['app', 'plain'])
        assert.ok(rule.condition.includes(`"${registry.host}/made/${name}:1"`), name);
      assert.doesNotMatch(rule.condition, /made\/empty/);
      if (!noCompiler) assert.equal(compileFilter(rule.condition, rule.output, at('empty.scap')), '');
    }
  });
});
