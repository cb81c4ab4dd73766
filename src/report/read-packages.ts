/** The packages of a JSON report, schema version 2, as `report-json.ts` writes them. */
import { compact } from '#base';
import type { Package, Relationship, SourcePackage } from '#model';
import type { Cursor } from './report-cursor.js';
import { readIdentity, readLayer, type PackageFinder } from './read-findings.js';

const relationships: readonly Relationship[] = ['root', 'workspace', 'direct', 'indirect'];

export function readPackage(at: Cursor): Package {
  return compact({
    id: at.object().at('ID').text(),
    name: at.at('Name').text() ?? '',
    version: at.at('Version').text() ?? '',
    release: at.at('Release').text(),
    epoch: at.at('Epoch').number(),
    arch: at.at('Arch').text(),
    source: readSource(at),
    licenses: at.at('Licenses').texts(),
    maintainer: at.at('Maintainer').text(),
    modularityLabel: at.at('Modularitylabel').text(),
    buildInfo: at.at('BuildInfo').optional((info) =>
      compact({
        contentSets: info.at('ContentSets').texts(),
        nvr: info.at('Nvr').text(),
        arch: info.at('Arch').text(),
      }),
    ),
    origin: at.at('Repository').optional((repository) => repository.at('Class').oneOf(['official', 'third-party'])),
    dev: at.at('Dev').flag() || undefined,
    relationship: at.at('Relationship').oneOf(relationships),
    dependsOn: at.at('DependsOn').texts(),
    layer: at.at('Layer').optional(readLayer),
    path: at.at('FilePath').text(),
    digest: at.at('Digest').text(),
    locations: at.at('Locations').list((range) => ({
      start: range.object().at('StartLine').number() ?? 0,
      end: range.at('EndLine').number() ?? 0,
    })),
    installedFiles: at.at('InstalledFiles').texts(),
    analyzedBy: at.at('AnalyzedBy').text(),
    ...at.at('Identifier').optional(readIdentity),
  });
}

function readSource(at: Cursor): SourcePackage | undefined {
  const name = at.at('SrcName').text();
  const source = compact({
    name: name ?? '',
    version: at.at('SrcVersion').text() ?? '',
    release: at.at('SrcRelease').text(),
    epoch: at.at('SrcEpoch').number(),
  });
  return name || source.version || source.release || source.epoch ? source : undefined;
}

/** By UID where there is one, else by id, name and path. */
export function packageFinder(packages: readonly Package[]): PackageFinder {
  const byUid = new Map(packages.flatMap((pkg) => (pkg.uid ? [[pkg.uid, pkg] as const] : [])));
  const byName = new Map(packages.map((pkg) => [JSON.stringify([pkg.id ?? '', pkg.name, pkg.path ?? '']), pkg]));
  return ({ uid, id, name, path }) =>
    (uid === undefined ? undefined : byUid.get(uid)) ?? byName.get(JSON.stringify([id ?? '', name, path ?? '']));
}
