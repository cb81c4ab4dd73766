/** Certificates as another program reads them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory } from '#platform';
import { issueAuthority, issueServerCertificate } from './issue-certificate.js';

const now = new Date('2026-03-10T12:00:00Z');
const authority = issueAuthority({ now, days: 3650 });
const server = issueServerCertificate(authority, ['hook.ns.svc', 'hook.ns.svc.cluster.local'], { now, days: 90 });

test('names, times, purpose and signature', () => {
  const ca = new X509Certificate(authority.cert);
  const leaf = new X509Certificate(server.cert);
  assert.equal(ca.ca, true);
  assert.equal(leaf.ca, false);
  assert.ok(leaf.verify(ca.publicKey) && ca.verify(ca.publicKey) && leaf.checkIssued(ca));
  assert.equal(leaf.subjectAltName, 'DNS:hook.ns.svc, DNS:hook.ns.svc.cluster.local');
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(Date.parse(leaf.validFrom), now.getTime() - 3_600_000);
  assert.equal(Date.parse(leaf.validTo), now.getTime() - 3_600_000 + 90 * 86_400_000);
});

test('dates from 2050 on', () => {
  const late = new X509Certificate(issueAuthority({ now, days: 12_000 }).cert);
  assert.equal(new Date(late.validTo).getUTCFullYear(), 2059);
});

const openssl = spawnSync('openssl', ['version']).status === 0;
test('openssl accepts the chain strictly', { skip: openssl ? false : 'openssl is not installed' }, async () => {
  const folder = await tempDirectory();
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at('ca.crt'), authority.cert);
  writeFileSync(at('tls.crt'), server.cert);
  const args = ['-x509_strict', '-attime', String(now.getTime() / 1000), '-purpose', 'sslserver'];
  const { status, stderr } = spawnSync('openssl', ['verify', ...args, '-CAfile', at('ca.crt'), at('tls.crt')], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  await folder.remove();
});
