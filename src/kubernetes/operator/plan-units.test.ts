import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from '../cluster/workload.js';
import { projectPod } from './follow-workloads.js';
import { planUnits } from './plan-units.js';

const digests = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string];

interface PodParts {
  readonly name: string;
  readonly owner?: readonly [apiVersion: string, kind: string, name: string];
  readonly digest?: string;
  readonly node?: string;
  readonly phase?: string;
}

const pod = ({ name, owner, digest, node = 'amd', phase = 'Running' }: PodParts): Workload =>
  projectPod({
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      ...(owner && {
        ownerReferences: [
          { apiVersion: owner[0], kind: owner[1], name: owner[2], uid: `uid-${owner[2]}`, controller: true },
        ],
      }),
    },
    spec: { nodeName: node, containers: [{ name: 'main', image: 'registry.example/made/app:1' }] },
    status: {
      phase,
      containerStatuses: [{ name: 'main', ...(digest && { imageID: `registry.example/made/app@${digest}` }) }],
    },
  } as never)!;

const nodes = new Map([
  ['amd', 'linux/amd64'],
  ['arm', 'linux/arm64'],
]);
const plan = (
  pods: readonly Workload[],
  more: { templates?: readonly Workload[]; jobs?: ReadonlyMap<string, string> } = {},
) =>
  planUnits({
    pods,
    templates: more.templates ?? [],
    ownerOf(uid) {
      const name = more.jobs?.get(uid);
      return name === undefined ? undefined : { kind: 'CronJob', name, uid: `uid-${name}` };
    },
    nodes,
  });

const replicaSet = ['apps/v1', 'ReplicaSet', 'web'] as const;

test('one report a container of a workload, one task an image and platform', () => {
  const { units, tasks } = plan([
    pod({ name: 'web-1', owner: replicaSet, digest: digests[0] }),
    pod({ name: 'web-2', owner: replicaSet, digest: digests[0] }),
    pod({ name: 'api-1', owner: ['apps/v1', 'StatefulSet', 'api'], digest: digests[0] }),
  ]);
  assert.deepEqual([...units.keys()].sort(), ['shop/replicaset-web-main', 'shop/statefulset-api-main']);
  assert.deepEqual([...tasks.keys()], [`${digests[0]} linux/amd64`]);
  assert.deepEqual(units.get('shop/replicaset-web-main')!.owner.reference, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web',
    uid: 'uid-web',
    controller: true,
    blockOwnerDeletion: false,
  });
});

test('a pod that has not pulled its image yet counts only where no other has', () => {
  const pending = pod({ name: 'web-2', owner: replicaSet });
  assert.equal(plan([pod({ name: 'web-1', owner: replicaSet, digest: digests[0] }), pending]).units.size, 1);
  const [unit] = plan([pending]).units.values();
  assert.equal(unit!.digest, undefined);
  assert.equal(unit!.task, 'registry.example/made/app:1 linux/amd64');
});

test('two platforms or digests of one container: two reports', () => {
  const owner = ['apps/v1', 'DaemonSet', 'agent'] as const;
  const { units } = plan([
    pod({ name: 'agent-1', owner, digest: digests[0] }),
    pod({ name: 'agent-2', owner, digest: digests[0] }),
    pod({ name: 'agent-3', owner, digest: digests[0], node: 'arm' }),
  ]);
  const [usual, other] = [...units.values()];
  assert.equal(usual!.name, 'daemonset-agent-main');
  assert.equal(usual!.task, `${digests[0]} linux/amd64`);
  assert.match(other!.name, /^daemonset-agent-main-[0-9a-f]{8}$/);
  assert.equal(other!.task, `${digests[0]} linux/arm64`);
});

test('a job of a cron job is that cron job; one that runs now and then counts by its template', () => {
  const job = pod({
    name: 'nightly-1-x',
    owner: ['batch/v1', 'Job', 'nightly-1'],
    digest: digests[0],
    phase: 'Succeeded',
  });
  const { owner: _, ...template } = { ...pod({ name: 'nightly' }), kind: 'CronJob' };
  const jobs = new Map([['uid-nightly-1', 'nightly']]);
  const [ran] = plan([job], { jobs, templates: [template] }).units.values();
  assert.equal(ran!.name, 'cronjob-nightly-main');
  assert.equal(ran!.digest, digests[0]);
  assert.equal(ran!.owner.reference.apiVersion, 'batch/v1');
  const [idle] = plan([], { templates: [template] }).units.values();
  assert.equal(idle!.name, 'cronjob-nightly-main');
  assert.equal(idle!.digest, undefined);
});

test('pods of controllers that are not built in, and pods alone, are themselves; ended ones are not there', () => {
  const own = plan([
    pod({ name: 'flow-1', owner: ['example.org/v1', 'Flow', 'flow'] }),
    pod({ name: 'set-1', owner: ['apps.example.org/v1', 'StatefulSet', 'set'] }),
    pod({ name: 'alone' }),
    pod({ name: 'over', phase: 'Succeeded' }),
  ]);
  assert.deepEqual([...own.units.keys()].sort(), [
    'shop/pod-alone-main',
    'shop/pod-flow-1-main',
    'shop/pod-set-1-main',
  ]);
});
