/** The source package in the source information of an SPDX package: `built package from: glibc 2.35-0ubuntu3.1`. */
import type { SbomProperty } from '#model';

const prefix = 'built package from: ';

/** As the properties that CycloneDX documents carry; none when the text says something else. */
export function sourceProperties(sourceInfo: string | undefined): SbomProperty[] {
  if (!sourceInfo?.startsWith(prefix)) return [];
  const text = sourceInfo.slice(prefix.length);
  const blank = text.lastIndexOf(' ');
  if (blank <= 0) return text ? [{ name: 'SrcName', value: text }] : [];
  const version = text.slice(blank + 1);
  const epoch = /^(\d+):/.exec(version);
  return [
    { name: 'SrcName', value: text.slice(0, blank) },
    { name: 'SrcVersion', value: epoch ? version.slice(epoch[0].length) : version },
    ...(epoch ? [{ name: 'SrcEpoch', value: epoch[1]! }] : []),
  ];
}
