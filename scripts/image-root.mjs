// Gathers the root file system of the container image in dist/image: the compiled binary, the shared libraries it names,
// certificate authorities, and a user that is not root. Usage: npm run build:binary && node scripts/image-root.mjs
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const image = join(root, 'dist/image');
const binary = join(root, 'dist/bin/pratique');
const authorities = '/etc/ssl/certs/ca-certificates.crt';

for (const path of [binary, authorities]) {
  if (existsSync(path)) continue;
  console.error(`${path} is missing: run npm run build:binary, and install ca-certificates`);
  process.exit(1);
}
rmSync(image, { recursive: true, force: true });

const put = (from, to, mode) => {
  const target = join(image, to);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(from, target);
  chmodSync(target, mode);
};
put(binary, 'usr/local/bin/pratique', 0o755);
// So that pipelines written for the other name run unchanged.
symlinkSync('pratique', join(image, 'usr/local/bin/trivy'));
put(authorities, authorities, 0o644);
for (const [, path] of execFileSync('ldd', [binary], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g))
  put(path, path, 0o755);
writeFileSync(join(image, 'etc/passwd'), 'pratique:x:65532:65532:pratique:/var/cache/pratique:/sbin/nologin\n');
writeFileSync(join(image, 'etc/group'), 'pratique:x:65532:\n');
// What the image is made of, for scanners: the C library comes from the distribution of the machine that built it.
put('/etc/os-release', 'etc/os-release', 0o644);
for (const directory of ['tmp', 'var/cache/pratique']) {
  mkdirSync(join(image, directory), { recursive: true });
  chmodSync(join(image, directory), 0o1777);
}
