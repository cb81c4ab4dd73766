import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlanOptions, planImages } from './plan-images.js';
import type { ContainerImage, Workload } from './workload.js';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const image = (text: string, running?: string): ContainerImage => ({
  container: 'main',
  role: 'container',
  image: text,
  ...(running && { digest: digest(running) }),
});
const workload = (kind: string, name: string, images: ContainerImage[], more: Partial<Workload> = {}): Workload => ({
  kind,
  name,
  namespace: 'x',
  uid: `${kind} ${name}`,
  images,
  pullSecrets: [],
  serviceAccount: 'default',
  ...more,
});
const ownedBy = (kind: string, name: string): Pick<Workload, 'owner'> & object => ({
  owner: { kind, name, uid: `${kind} ${name}` },
});
const options: PlanOptions = {
  isSelected: () => true,
  showOwned: false,
  nodes: new Map([
    ['amd', 'linux/amd64'],
    ['arm', 'linux/arm64'],
    ['arm2', 'linux/arm64'],
  ]),
};

function planned(workloads: readonly Workload[], more: Partial<PlanOptions> = {}) {
  const plan = planImages(workloads, { ...options, ...more });
  const tasks = new Map(plan.tasks.map((task) => [task.key, task]));
  return {
    rows: plan.workloads.map(({ workload: { kind, name }, images }) => [
      `${kind}/${name}`,
      ...images.map(
        (one) => `${one.image} ${tasks.get(one.task)!.references[0]} ${tasks.get(one.task)!.platforms.join()}`,
      ),
    ]),
    tasks: plan.tasks,
  };
}

const web = [
  workload('Deployment', 'web', [image('app:2')]),
  workload('ReplicaSet', 'web-2', [image('app:2')], ownedBy('Deployment', 'web')),
  workload('ReplicaSet', 'web-1', [image('app:1')], { ...ownedBy('Deployment', 'web'), idle: true }),
];
const pod = (name: string, images: ContainerImage[], node: string, owner: string): Workload =>
  workload('Pod', name, images, { ...ownedBy('ReplicaSet', owner), node });

test('pods are told of the workload that made them; the digest that runs goes before the template', () => {
  const { rows, tasks } = planned([
    ...web,
    pod('p1', [image('app:2', 'a'), { ...image('mesh:1', 'b'), container: 'injected' }], 'amd', 'web-2'),
    pod('p2', [image('app:2', 'a')], 'amd', 'web-2'),
  ]);
  assert.deepEqual(rows, [
    [
      'Deployment/web',
      `app:2 index.docker.io/library/app@${digest('a')} linux/amd64`,
      `mesh:1 index.docker.io/library/mesh@${digest('b')} linux/amd64`,
    ],
  ]);
  assert.equal(tasks.length, 2);
  assert.deepEqual(
    tasks[0]!.workloads.map(({ name }) => name),
    ['p1', 'p2'],
  );
});

test('an image and platform is one task for any number of workloads; another platform is another', () => {
  const { tasks } = planned(
    Array.from({ length: 100 }, (_, i) =>
      workload('Pod', `p${i}`, [image(`app:${i % 3}`, 'a')], { node: i % 2 ? 'amd' : 'arm' }),
    ),
  );
  assert.deepEqual(
    tasks.map(({ platforms, workloads }) => [platforms, workloads.length]),
    [
      [['linux/arm64'], 50],
      [['linux/amd64'], 50],
    ],
  );
});

test('a roll-out under way shows both images; an ended pod only where none lives', () => {
  const old = pod('old', [image('app:1', 'a')], 'amd', 'web-1');
  const fresh = pod('new', [image('app:2', 'b')], 'amd', 'web-2');
  assert.equal(planned([...web, old, fresh]).rows[0]!.length, 3);
  assert.equal(planned([...web, { ...old, ended: true }, fresh]).rows[0]!.length, 2);
  assert.equal(planned([...web, { ...old, ended: true }]).rows[0]!.length, 3);
});

test('platforms: of the node, of the selector, of most nodes, and a guess', () => {
  const cases: readonly (readonly [Partial<Workload>, PlanOptions['nodes'], readonly string[]])[] = [
    [{ node: 'arm' }, options.nodes, ['linux/arm64']],
    [{ architecture: 's390x' }, options.nodes, ['linux/s390x']],
    [{}, options.nodes, ['linux/arm64', 'linux/amd64']],
    [{ node: 'unknown' }, options.nodes, ['linux/arm64', 'linux/amd64']],
    [
      { os: 'windows' },
      new Map([
        ['w', 'windows/amd64'],
        ['l', 'linux/amd64'],
      ]),
      ['windows/amd64'],
    ],
    [{}, undefined, ['linux/amd64', 'linux/arm64']],
    [{}, new Map(), ['linux/amd64', 'linux/arm64']],
  ];
  for (const [more, nodes, expected] of cases) {
    const { tasks } = planned([workload('Pod', 'p', [image('a')], more)], { nodes });
    assert.deepEqual(tasks[0]!.platforms, expected, JSON.stringify(more));
  }
});

test('kinds and owned objects as asked', () => {
  const all = [...web, pod('p1', [image('app:2', 'a')], 'amd', 'web-2')];
  const names = (more: Partial<PlanOptions>): string[] => planned(all, more).rows.map(([name]) => name!);
  assert.deepEqual(names({ showOwned: true }), ['Deployment/web', 'Pod/p1', 'ReplicaSet/web-2']);
  assert.deepEqual(names({ isSelected: (kind) => kind === 'Pod' }), []);
  assert.deepEqual(names({ isSelected: (kind) => kind === 'Pod', showOwned: true }), ['Pod/p1']);
});

test('an owner that is unknown hides nothing, and owners in a circle do not hang', () => {
  const rollout = workload('ReplicaSet', 'r', [image('a')], ownedBy('Rollout', 'r'));
  assert.deepEqual(
    planned([rollout]).rows.map(([name]) => name),
    ['ReplicaSet/r'],
  );
  const p = workload('Pod', 'p', [image('a')], ownedBy('ReplicaSet', 'one'));
  const circle = [
    workload('ReplicaSet', 'one', [image('a')], ownedBy('ReplicaSet', 'two')),
    workload('ReplicaSet', 'two', [image('a')], ownedBy('ReplicaSet', 'one')),
  ];
  planned([p, ...circle]);
});

test('a name that cannot be parsed stays what it is, and where the image came from is tried next', () => {
  const mirrored = { ...image('q.io/a:1', 'a'), pulledFrom: 'mirror.internal/a' };
  const { tasks } = planned([workload('Pod', 'p', [image('NOT valid'), mirrored])]);
  assert.deepEqual(
    tasks.map(({ references }) => references),
    [['NOT valid'], [`q.io/a@${digest('a')}`, `mirror.internal/a@${digest('a')}`]],
  );
});
