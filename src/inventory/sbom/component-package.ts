/**
 * One component of a bill of materials as a package. Properties of this program's family say exactly what was found;
 * without them the package URL and what its qualifiers tell count, and a source package is taken for the binary one.
 * Source  https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst ·
 *         https://cyclonedx.org/docs/1.7/json/#components_items_properties
 */
import { compact } from '#base';
import { encodePurl, type PackageUrl } from '#formats';
import type { BuildInfo, LayerRef, Package, SbomComponent, SbomFormat, SourcePackage } from '#model';

export interface ComponentPackage {
  readonly package: Package;
  /** The source package is not told but assumed. */
  readonly sourceAssumed: boolean;
}

/** `kind`: `os` or the application type of the package URL. */
export function componentPackage(
  component: SbomComponent,
  purl: PackageUrl,
  kind: string,
  format: SbomFormat,
): ComponentPackage {
  const properties = new Map<string, string>();
  for (const { name, value, foreign } of component.properties) if (!foreign) properties.set(name, value);
  const name = nameOf(component, purl);
  const wholeVersion = purl.version ?? withoutEpoch(component.version ?? '', purl.type);
  const [version, release] = purl.type === 'rpm' ? splitRelease(wholeVersion) : [wholeVersion, undefined];
  const epoch = wholeNumber(purl.qualifiers?.get('epoch'));
  const binary = { name, version, release, epoch };
  const source = kind === 'os' ? (statedSource(properties, purl) ?? compact(binary)) : statedSource(properties, purl);
  const [hash] = component.hashes;
  const text = encodePurl(purl);
  return {
    sourceAssumed: kind === 'os' && !properties.has('SrcName') && !purl.qualifiers?.has('upstream'),
    package: compact({
      id: properties.get('PkgID') ?? packageId(name, wholeVersion, purl.type),
      ...binary,
      arch: purl.qualifiers?.get('arch'),
      source,
      licenses: component.licenses.length > 0 ? component.licenses : undefined,
      modularityLabel: properties.get('Modularitylabel') ?? purl.qualifiers?.get('modularitylabel'),
      buildInfo: buildInfo(component.properties),
      layer: layer(properties),
      path: properties.get('FilePath'),
      digest: hash && `${hash.algorithm}:${hash.value}`,
      purl: text,
      bomRef: format === 'cyclonedx' ? (component.bomRef ?? text) : undefined,
    }),
  };
}

/** The component's name, except where only the package URL has the whole one. */
function nameOf({ group, name }: SbomComponent, purl: PackageUrl): string {
  if (purl.type === 'maven') return purl.namespace ? `${purl.namespace}:${purl.name}` : purl.name;
  if (purl.type === 'cocoapods') return [purl.namespace, purl.name, purl.subpath].filter(Boolean).join('/');
  if (purl.type === 'bitnami' || name === '') return purl.name;
  return group ? `${group}/${name}` : name;
}

/** The name that the package URL has, for comparison with the component's. */
export function purlName({ type, namespace, name, subpath }: PackageUrl): string {
  if (type === 'apk' || type === 'deb' || type === 'rpm') return name;
  if (type === 'maven') return namespace ? `${namespace}:${name}` : name;
  return [namespace, name, type === 'cocoapods' ? subpath : undefined].filter(Boolean).join('/');
}

/** The id as lock files and package databases of the ecosystem have it. */
function packageId(name: string, version: string, purlType: string): string {
  if (version === '') return name;
  if (purlType === 'maven') return `${name}:${version}`;
  if (purlType === 'conan') return `${name}/${version}`;
  if (purlType === 'golang') return `${name}@v${version.replace(/^v/, '')}`;
  return `${name}@${version}`;
}

function statedSource(properties: ReadonlyMap<string, string>, purl: PackageUrl): SourcePackage | undefined {
  const name = properties.get('SrcName');
  if (name === undefined) return upstreamSource(purl);
  const whole = properties.get('SrcVersion') ?? '';
  const stated = properties.get('SrcRelease');
  const [version, release] = purl.type === 'rpm' && stated === undefined ? splitRelease(whole) : [whole, stated];
  return compact({ name, version, release, epoch: wholeNumber(properties.get('SrcEpoch')) });
}

/**
 * `upstream=glibc` or `upstream=glibc@2.36-9`, and for rpm the file name of the source package,
 * as https://github.com/anchore/syft writes them.
 */
function upstreamSource({ type, name, version = '', qualifiers }: PackageUrl): SourcePackage | undefined {
  const upstream = qualifiers?.get('upstream');
  if (upstream === undefined) return undefined;
  const epoch = wholeNumber(qualifiers?.get('epoch'));
  if (type === 'rpm') {
    const file = /^(.+)-([^-]+)-([^-]+)\.src\.rpm$/.exec(upstream);
    return file ? compact({ name: file[1]!, version: file[2]!, release: file[3]!, epoch }) : undefined;
  }
  const at = upstream.lastIndexOf('@');
  if (at <= 0) return compact({ name: upstream || name, version, epoch });
  const stated = upstream.slice(at + 1);
  return compact({
    name: upstream.slice(0, at),
    version: withoutEpoch(stated, type),
    epoch: wholeNumber(/^(\d+):/.exec(stated)?.[1]),
  });
}

/** rpm versions hold no dash: what follows the last one is the release. */
function splitRelease(version: string): [string, string | undefined] {
  const dash = version.lastIndexOf('-');
  return dash < 0 ? [version, undefined] : [version.slice(0, dash), version.slice(dash + 1)];
}

const withoutEpoch = (version: string, purlType: string): string =>
  purlType === 'deb' || purlType === 'rpm' ? version.replace(/^\d+:/, '') : version;

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) && text !== '0' ? Number(text) : undefined;
}

function layer(properties: ReadonlyMap<string, string>): LayerRef | undefined {
  const found = compact({ digest: properties.get('LayerDigest'), diffId: properties.get('LayerDiffID') });
  return Object.keys(found).length > 0 ? found : undefined;
}

function buildInfo(properties: SbomComponent['properties']): BuildInfo | undefined {
  const contentSets: string[] = [];
  const named: { NVR?: string; Arch?: string } = {};
  for (const { name, value, foreign } of properties) {
    if (foreign) continue;
    if (name === 'ContentSet') contentSets.push(value);
    else if (name === 'NVR' || name === 'Arch') named[name] ??= value;
  }
  const { NVR: nvr, Arch: arch } = named;
  if (contentSets.length === 0 && nvr === undefined && arch === undefined) return undefined;
  return compact({ contentSets: contentSets.length > 0 ? contentSets : undefined, nvr, arch });
}
