/** AdmissionReviews: well-formed, damaged and hostile; images by kind; answers within the API server's limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { clip, readAdmissionReview, writeAdmissionReview } from './admission-review.js';
import { newImages, objectAnnotation, objectImages, wantedPlatform } from './object-images.js';

const pod = { metadata: { generateName: 'web-' }, spec: { containers: [{ name: 'a', image: 'nginx:1' }] } };
const review = (request: object = {}): object => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'team-a',
    operation: 'CREATE',
    userInfo: { username: 'jane', groups: ['devs'] },
    object: pod,
    oldObject: null,
    dryRun: true,
    ...request,
  },
});
const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

test('reads a review', () => {
  const { object, ...request } = readAdmissionReview(bytes(review()));
  assert.deepEqual(object, pod);
  assert.deepEqual(request, {
    uid: 'u1',
    kind: 'Pod',
    group: '',
    resource: 'pods',
    subresource: '',
    name: 'web-',
    namespace: 'team-a',
    operation: 'CREATE',
    user: { name: 'jane', groups: ['devs'] },
    dryRun: true,
    oldObject: undefined,
  });
});

const damaged: readonly (readonly [string, unknown, RegExp])[] = [
  ['no JSON', '{', /not JSON/],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not JSON/],
  ['another kind', { apiVersion: 'v1', kind: 'Pod' }, /no AdmissionReview/],
  ['an old version', { apiVersion: 'admission.k8s.io/v1beta1', kind: 'AdmissionReview' }, /not of admission/],
  ['no request', { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }, /uid/],
  ['no uid', review({ uid: '' }), /uid/],
  ['a uid that is a number', review({ uid: 7 }), /uid/],
  ['no operation', review({ operation: 'PATCH' }), /operation/],
  ['no kind', review({ kind: null }), /kind/],
  ['no object', review({ object: null }), /object/],
  ['an object that is a list', review({ object: [] }), /object/],
  ['dryRun that is a text', review({ dryRun: 'no' }), /dryRun/],
];
for (const [name, value, message] of damaged)
  test(`refuses ${name}`, () => {
    const body = value instanceof Uint8Array ? value : bytes(value);
    assert.throws(() => readAdmissionReview(body), { name: 'FormatError', message });
  });

test('any bytes are a review or a FormatError, and any object has images or none', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.nat(400), (object, spec, cut) => {
      for (const body of [bytes(review({ object, oldObject: spec })), bytes(review()).subarray(0, cut)]) {
        try {
          const request = readAdmissionReview(body);
          newImages(request.kind, request.object, request.oldObject);
          objectImages('CronJob', { spec: { jobTemplate: spec } });
          objectImages('Pod', { spec });
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }
    }),
  );
});

const spec = {
  initContainers: [{ image: 'init:1' }],
  containers: [{ image: 'app:1' }, { name: 'without' }],
  ephemeralContainers: [{ image: 'debug:1' }],
  volumes: [{ name: 'x' }, { image: { reference: 'model:1' } }],
  nodeSelector: { 'kubernetes.io/arch': 'arm64' },
};
const places: readonly (readonly [string, object, string])[] = [
  ['Pod', { spec }, '/spec'],
  ['Deployment', { spec: { template: { spec } } }, '/spec/template/spec'],
  ['CronJob', { spec: { jobTemplate: { spec: { template: { spec } } } } }, '/spec/jobTemplate/spec/template/spec'],
];
for (const [kind, object, base] of places)
  test(`finds the images of a ${kind}`, () => {
    assert.deepEqual(
      objectImages(kind, object).map(({ image, pointer }) => [image, pointer]),
      [
        ['init:1', `${base}/initContainers/0/image`],
        ['app:1', `${base}/containers/0/image`],
        ['debug:1', `${base}/ephemeralContainers/0/image`],
        ['model:1', `${base}/volumes/1/image/reference`],
      ],
    );
    assert.deepEqual(wantedPlatform(kind, object), { arch: 'arm64' });
  });

test('other kinds have none, and on update only what is new counts', () => {
  assert.deepEqual(objectImages('Service', { spec }), []);
  const changed = { spec: { ...spec, containers: [{ image: 'app:2' }] } };
  assert.deepEqual(
    newImages('Pod', changed, { spec }).map(({ image }) => image),
    ['app:2'],
  );
  assert.deepEqual(newImages('Pod', { spec }, { spec }), []);
});

test('annotations of the object and of its pods', () => {
  const annotated = { metadata: { annotations: { a: '1' } } };
  assert.equal(objectAnnotation('Pod', annotated, 'a'), '1');
  assert.equal(objectAnnotation('Deployment', { spec: { template: annotated } }, 'a'), '1');
  assert.equal(objectAnnotation('Deployment', annotated, 'a'), '1');
  assert.equal(objectAnnotation('Deployment', { spec: annotated }, 'a'), undefined);
});

test('a pod of 20,000 containers is read in time, and its images are bounded', () => {
  const containers = Array.from({ length: 20_000 }, (_, i) => ({ name: `c${i}`, image: `app:${i}` }));
  const request = readAdmissionReview(bytes(review({ object: { spec: { containers } } })));
  assert.equal(objectImages('Pod', request.object).length, 10_000);
});

test('answers keep within the limits of warnings and annotations', () => {
  const text = writeAdmissionReview('u1', {
    allowed: false,
    message: 'no\nline \u001b[31m',
    warnings: Array.from({ length: 40 }, () => 'é'.repeat(400)),
    auditAnnotations: { verdict: 'x'.repeat(9000) },
  });
  const { response } = JSON.parse(text) as {
    response: { uid: string; status: { message: string }; warnings: string[]; auditAnnotations: { verdict: string } };
  };
  assert.equal(response.uid, 'u1');
  assert.equal(response.status.message, 'no line \\x1b[31m');
  assert.equal(response.warnings.length, 12);
  assert.equal(response.warnings[11], 'and 29 more warnings');
  for (const warning of response.warnings) assert.ok(Buffer.byteLength(warning) <= 256);
  assert.equal(response.auditAnnotations.verdict.length, 2000);
});

test('a cut never parts a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 4, max: 40 }), (text, most) => {
      const cut = clip(text, most);
      assert.ok(Buffer.byteLength(cut) <= most);
      assert.equal(Buffer.from(cut).toString(), cut);
    }),
  );
});
