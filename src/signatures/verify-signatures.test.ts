/** Signatures by key and by identity, in every place that registries keep them; and what does not count. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { createRegistryClient, type Descriptor, type RegistryClient } from '#oci';
import { fakeRegistry, type FakeRegistry } from '#oci/fakes';
import { tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import {
  makeKey,
  payloadOf,
  type Pushable,
  pushReferring,
  pushTagged,
  signBundle,
  signPayload,
  statementOf,
} from './fakes/push-signature.js';
import { type Identity, type SigstoreInstance, sigstoreInstance } from './fakes/sigstore-instance.js';
import type { SignatureRule } from './signature-rule.js';
import { matchesSubject, verifySignatures } from './verify-signatures.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const key = makeKey();
const other = makeKey();
const ci: Identity = {
  subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
};
const byKey = (...keys: { readonly pem: string }[]): SignatureRule => ({
  keys: keys.map(({ pem }, i) => ({ name: `k${i}`, pem })),
  identities: [],
  transparencyLog: false,
});
const byIdentity = (...identities: Identity[]): SignatureRule => ({ keys: [], identities, transparencyLog: false });

suite('signatures', () => {
  let registry: FakeRegistry;
  let client: RegistryClient;
  let instance: SigstoreInstance;
  let folder: Awaited<ReturnType<typeof tempDirectory>>;
  let count = 0;

  before(async () => {
    registry = await fakeRegistry();
    client = createRegistryClient({ attempts: 1 }, fakeWorld());
    instance = await sigstoreInstance();
    folder = await tempDirectory();
    writeFileSync(join(folder.path, 'trusted_root.json'), JSON.stringify(instance.trustRoot));
  });
  after(async () => {
    await client?.close();
    await registry?.close();
    await folder?.remove();
  });

  function image(): { repository: string; subject: Descriptor; digest: string; to: Pushable } {
    const name = `shop/app-${count++}`;
    const subject = registry.pushImage(name, '1', { layers: [Buffer.from(name)] });
    const to: Pushable = {
      blob: (content, type) => registry.pushBlob(content, type),
      manifest: (tag, document, type) => registry.pushManifest(name, tag, document, type),
    };
    return { repository: `${registry.host}/${name}`, subject, digest: subject.digest, to };
  }

  const verify = (
    { repository, digest }: { readonly repository: string; readonly digest: string },
    rule: SignatureRule,
    trustRoot: string | undefined = join(folder.path, 'trusted_root.json'),
  ) => verifySignatures({ repository, digest }, rule, { client, trustRoot, signal: AbortSignal.timeout(10_000) });
  async function refused(...args: Parameters<typeof verify>): Promise<string> {
    const found = await verify(...args);
    assert.equal(found.status, 'invalid');
    return found.status === 'invalid' ? found.reason : '';
  }

  test('by key, under the tag', async () => {
    for (const one of [key, makeKey('rsa')]) {
      const { to, ...signed } = image();
      await pushTagged(to, signed.digest, [signPayload(payloadOf(signed.repository, signed.digest), one)]);
      assert.deepEqual(await verify(signed, byKey(one), ''), { status: 'valid', by: 'key k0' });
      assert.deepEqual(await verify(signed, byKey(other, one)), { status: 'valid', by: 'key k1' });
      assert.match(await refused(signed, byKey(other)), /signed by another key/);
      assert.match(await refused(signed, byIdentity(ci)), /another key/);
    }
  });

  test('by key, in artifacts that refer to the image', async () => {
    for (const made of ['payload', 'bundle']) {
      const { to, subject, ...signed } = image();
      const one =
        made === 'payload'
          ? signPayload(payloadOf(signed.repository, signed.digest), key)
          : signBundle(statementOf(signed.digest), key);
      await pushReferring(to, subject, [one]);
      assert.deepEqual(await verify(signed, byKey(key)), { status: 'valid', by: 'key k0' });
      assert.match(await refused(signed, byKey(other)), /signed by another key/);
    }
  });

  test('one that counts is enough, whatever else lies there', async () => {
    const { to, subject, ...signed } = image();
    const payload = payloadOf(signed.repository, signed.digest);
    await pushTagged(to, signed.digest, [
      signPayload(Buffer.from('no JSON'), key),
      signPayload(payload, other),
      { payload, annotations: {} },
    ]);
    assert.match(await refused(signed, byKey(key)), /none of its signatures counts: not JSON; /);
    await pushReferring(to, subject, [{ mediaType: 'x' }, signBundle(statementOf(signed.digest), key)]);
    assert.deepEqual(await verify(signed, byKey(key)), { status: 'valid', by: 'key k0' });
  });

  test('no signature, that of another image, and an attestation', async () => {
    const { to, subject, ...signed } = image();
    assert.equal(await refused(signed, byKey(key)), 'it is not signed');
    const wrong = `sha256:${'0'.repeat(64)}`;
    await pushTagged(to, signed.digest, [signPayload(payloadOf(signed.repository, wrong), key)]);
    assert.match(await refused(signed, byKey(key)), /the signature of another image/);
    await pushReferring(to, subject, [
      signBundle(statementOf(wrong), key),
      signBundle(statementOf(signed.digest, 'https://slsa.dev/provenance/v1'), key),
    ]);
    assert.match(await refused(signed, byKey(key)), /another image; the statement is no signature$/);
  });

  test('by identity, under the tag and as a bundle', async () => {
    for (const made of ['payload', 'bundle']) {
      const { to, subject, ...signed } = image();
      if (made === 'payload')
        await pushTagged(to, signed.digest, [
          await instance.signPayload(payloadOf(signed.repository, signed.digest), ci),
        ]);
      else await pushReferring(to, subject, [await instance.signStatement(statementOf(signed.digest), ci)]);
      const by = `${ci.subject} of ${ci.issuer}`;
      assert.deepEqual(await verify(signed, byIdentity(ci)), { status: 'valid', by });
      const whole = { ...ci, subject: 'https://github.com/acme/*@refs/heads/main' };
      assert.deepEqual(await verify(signed, byIdentity(whole)), { status: 'valid', by });
      for (const wrong of [
        { ...ci, subject: 'https://github.com/acme/app' },
        { ...ci, subject: '*@refs/heads/dev' },
        { ...ci, issuer: 'https://accounts.google.com' },
      ])
        assert.match(await refused(signed, byIdentity(wrong)), /which does not count/);
      assert.match(await refused(signed, byKey(key)), /no identity counts/);
    }
  });

  test('an identity of another instance, and one without an entry in the log', async () => {
    const { to, ...signed } = image();
    const foreign = await sigstoreInstance();
    const payload = payloadOf(signed.repository, signed.digest);
    const good = await instance.signPayload(payload, ci);
    const { 'dev.sigstore.cosign/bundle': _, ...unlogged } = good.annotations;
    const mixed = await foreign.signPayload(payload, ci);
    const entry = mixed.annotations['dev.sigstore.cosign/bundle']!;
    await pushTagged(to, signed.digest, [
      mixed,
      { payload, annotations: unlogged },
      { payload, annotations: { ...unlogged, 'dev.sigstore.cosign/bundle': entry } },
    ]);
    await refused(signed, byIdentity(ci));
    await pushTagged(to, signed.digest, [good]);
    assert.equal((await verify(signed, byIdentity(ci))).status, 'valid');
  });

  test('a log is demanded of keys, too, where the rule does', async () => {
    const { to, ...signed } = image();
    await pushTagged(to, signed.digest, [signPayload(payloadOf(signed.repository, signed.digest), key)]);
    assert.match(await refused(signed, { ...byKey(key), transparencyLog: true }), /tlog entries/);
  });

  test('identities need a trust root that can be read; a registry that is away is no answer', async () => {
    const { to: _, ...signed } = image();
    const rejects = (rule: SignatureRule, trustRoot: string, code: string) =>
      assert.rejects(verify(signed, rule, trustRoot), (error) => error instanceof PratiqueError && error.code === code);
    await rejects(byIdentity(ci), '', 'signature/no-trust-root');
    await rejects(byIdentity(ci), join(folder.path, 'none.json'), 'file/not-found');
    for (const [name, text] of [
      ['a.json', 'no JSON'],
      ['b.json', '{}'],
      ['c.json', '{"tlogs": [{}]}'],
    ] as const) {
      writeFileSync(join(folder.path, name), text);
      await rejects(byIdentity(ci), join(folder.path, name), 'signature/bad-trust-root');
    }
    const away = { repository: '127.0.0.1:1/app', digest: signed.digest };
    await assert.rejects(verify(away, byKey(key)), PratiqueError);
  });

  test('whatever bytes lie there, nothing but a signature counts, and nothing throws', async () => {
    const { to, subject, ...signed } = image();
    const bundle = JSON.stringify(await instance.signStatement(statementOf(signed.digest), ci));
    const tagged = await instance.signPayload(payloadOf(signed.repository, signed.digest), ci);
    const entry = tagged.annotations['dev.sigstore.cosign/bundle']!;
    await fc.assert(
      fc.asyncProperty(fc.nat(bundle.length - 1), fc.nat(255), fc.nat(entry.length - 1), async (at, value, place) => {
        const bytes = Buffer.from(bundle);
        bytes[at] = value;
        const cut = [Buffer.from(bundle.slice(0, at)), bytes];
        const manifests = cut.map((one) => ({
          ...registry.pushManifest(signed.repository.split('/').slice(1).join('/'), `m${one.length}`, {
            schemaVersion: 2,
            config: registry.pushBlob(Buffer.from('{}')),
            layers: [registry.pushBlob(one, 'application/vnd.dev.sigstore.bundle.v0.3+json')],
          }),
          artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        }));
        await to.manifest(
          subject.digest.replace(':', '-'),
          { schemaVersion: 2, manifests },
          'application/vnd.oci.image.index.v1+json',
        );
        const annotations = { ...tagged.annotations, 'dev.sigstore.cosign/bundle': entry.slice(0, place) };
        await pushTagged(to, signed.digest, [{ payload: tagged.payload, annotations }]);
        const { status } = await verify(signed, byIdentity(ci));
        // Some bytes do not matter, such as white space; those that were signed do.
        if (status === 'valid') assert.deepEqual(signedPart(bytes), signedPart(Buffer.from(bundle)));
      }),
      { numRuns: 60 },
    );
  });

  test('what cosign itself made', async () => {
    const path = join(root, 'src/signatures/fixtures/cosign-3.1.3.json');
    const recorded = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly key: string;
      readonly signed: readonly {
        readonly layout: string;
        readonly repository: string;
        readonly digest: string;
        readonly manifests: readonly { readonly tag: string; readonly type: string; readonly text: string }[];
        readonly blobs: readonly string[];
      }[];
    };
    assert.equal(recorded.signed.length, 3);
    for (const { repository, digest, manifests, blobs, layout } of recorded.signed) {
      for (const blob of blobs) registry.pushBlob(Buffer.from(blob));
      for (const { tag, type, text } of manifests) registry.pushManifest(repository, tag, Buffer.from(text), type);
      const signed = { repository: `${registry.host}/${repository}`, digest };
      assert.deepEqual(await verify(signed, byKey({ pem: recorded.key })), { status: 'valid', by: 'key k0' }, layout);
      assert.match(await refused(signed, byKey(key)), /signed by another key/);
    }
  });
});

function signedPart(bundle: Buffer): readonly Buffer[] {
  const { payload, signatures } = (
    JSON.parse(bundle.toString()) as { dsseEnvelope: { payload: string; signatures: { sig: string }[] } }
  ).dsseEnvelope;
  return [payload, signatures[0]!.sig].map((text) => Buffer.from(text, 'base64'));
}

test('subjects are compared whole, and `*` is any text', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['a@b', 'a@b', true],
    ['a@b', 'xa@b', false],
    ['a.b', 'axb', false],
    ['https://x/*', 'https://x/y/z', true],
    ['https://x/*', 'https://xy', false],
    ['*@acme.example', 'me@acme.example', true],
    ['*@acme.example', 'me@acme.example.evil', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'a1c', false],
    ['ab*ba', 'aba', false],
    ['a*bb*b', 'abb', false],
  ];
  for (const [pattern, subject, matches] of cases) assert.equal(matchesSubject(pattern, subject), matches, pattern);
});
