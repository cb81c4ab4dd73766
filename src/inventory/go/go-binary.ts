/**
 * Modules linked into a Go program.
 * Reads   the build information of ELF, PE and Mach-O files by ranges: a few kilobytes of a program of any size.
 * Yields  the main module as root, the standard library as direct, other modules without relationship; replacements
 *         are what was linked. Versions keep their `v`; `(devel)` is no version.
 * Errors  diagnostic `unknown-toolchain` when the toolchain has no release number: the standard library is then not
 *         listed. Executables that are not Go programs yield nothing.
 * Source  https://pkg.go.dev/runtime/debug#BuildInfo
 */
import { compact } from '#base';
import { executableFormat, type GoModule, readGoBuildInfo } from '#formats';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';
import { mainVersion } from './main-version.js';

export const goBinary = defineExtractor({
  id: 'go/binary',
  type: 'gobinary',
  name: 'gobinary',
  runsOn: 'systems',
  revision: 1,
  files: [],
  executables: true,
  sniff: (head: Uint8Array) => executableFormat(head) !== undefined,
  extract(file, context) {
    const info = readGoBuildInfo(file);
    if (!info) return undefined;
    const packages: Package[] = info.dependencies.map(asPackage).filter(({ name }) => name !== '');
    const release = releaseOf(info.goVersion);
    if (release === undefined) context.report('unknown-toolchain', `no release number in ${info.goVersion}`);
    else
      packages.unshift({
        id: `stdlib@${release}`,
        name: 'stdlib',
        version: release,
        relationship: 'direct',
        analyzedBy: 'gobinary',
      });
    if (info.main && info.main.path !== '') {
      const version = mainVersion(info, file);
      packages.unshift(
        compact({
          id: idOf(info.main.path, version),
          name: info.main.path,
          version,
          relationship: 'root',
          dependsOn: packages.length > 0 ? packages.map(({ id }) => id!) : undefined,
          analyzedBy: 'gobinary',
        } as const),
      );
    }
    return { applications: [{ type: 'gobinary', path: file.path, packages }] };
  },
});

function asPackage(module: GoModule): Package {
  const { path, version } = module.replacement ?? module;
  const known = version === '(devel)' ? '' : version;
  return { id: idOf(path, known), name: path, version: known, analyzedBy: 'gobinary' };
}

function idOf(path: string, version: string): string {
  return version === '' ? path : `${path}@v${version.replace(/^v/, '')}`;
}

/** `go1.22.1 X:boringcrypto` and `go1.22.1-X:…` are builds of `v1.22.1`. */
function releaseOf(goVersion: string): string | undefined {
  const version = /^go(\d+\.\d+\S*)/.exec(goVersion)?.[1]?.replace(/-X:.*$/, '');
  return version && `v${version}`;
}
