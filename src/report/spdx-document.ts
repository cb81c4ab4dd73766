/**
 * A bill of materials as the elements of SPDX 2.3, before they are written in one of its syntaxes or as a graph of SPDX 3.
 * Element ids are made of what the element is, so the same report has the same ids.
 * Source  https://spdx.github.io/spdx-spec/v2.3/
 */
import { createHash } from 'node:crypto';
import { compact, oneLine } from '#base';
import type { Report, Vulnerability } from '#model';
import { billOfMaterials } from './bill-of-materials.js';
import type { BomComponent } from './bom.js';
import { fnv1 } from './fnv-hash.js';
import type { FormatOptions } from './format.js';
import { programName } from './program-name.js';
import { createLicenseWriter, type ExtractedLicense } from './spdx-license-texts.js';
import { uriPath } from './uri-path.js';
import { versionText } from './version-text.js';

export interface SpdxDocument {
  readonly name: string;
  readonly namespace: string;
  readonly creators: readonly string[];
  /** `2026-01-31T12:00:00Z` */
  readonly created: string;
  readonly packages: readonly SpdxPackage[];
  readonly files: readonly SpdxFile[];
  readonly licenses: readonly ExtractedLicense[];
  readonly relationships: readonly SpdxRelationship[];
}

export interface SpdxPackage {
  readonly name: string;
  readonly id: string;
  readonly version?: string;
  /** Present for packages, `NOASSERTION` where nobody is named. */
  readonly supplier?: string;
  readonly downloadLocation: string;
  /** Of the file that shows the package: then `filesAnalyzed`. */
  readonly verificationCode?: string;
  readonly checksum?: SpdxChecksum;
  readonly sourceInfo?: string;
  readonly license: string;
  readonly references: readonly SpdxReference[];
  readonly purpose: string;
  /** `Name: value` */
  readonly annotations: readonly string[];
  readonly vulnerabilities: readonly Vulnerability[];
}

export interface SpdxReference {
  readonly category: 'PACKAGE-MANAGER' | 'SECURITY';
  readonly type: 'purl' | 'advisory';
  readonly locator: string;
}

export interface SpdxFile {
  readonly name: string;
  readonly id: string;
  readonly checksum: SpdxChecksum;
}

export interface SpdxChecksum {
  readonly algorithm: string;
  readonly value: string;
}

export interface SpdxRelationship {
  readonly from: string;
  readonly type: 'CONTAINS' | 'DEPENDS_ON' | 'DESCRIBES';
  readonly to: string;
}

export const documentId = 'SPDXRef-DOCUMENT';

export function spdxDocument(report: Report, options: FormatOptions): SpdxDocument {
  const bom = billOfMaterials(report);
  const components = [bom.root, ...bom.components];
  const ids = new Map(components.map((component) => [component.ref, elementId(component, report)]));
  const described = report.sbom ? bom.root : { name: report.artifactName, type: report.artifactType };
  const licenses = createLicenseWriter();
  const packages = components.map((component) => ({
    ...packageOf(component, report),
    id: ids.get(component.ref)!,
    license: licenses.expression(component.licenses),
  }));
  packages.sort((a, b) => compareText(a.purpose, b.purpose) || compareText(a.name, b.name) || compareText(a.id, b.id));
  const files = filesOf(components);
  return {
    name: described.name,
    namespace: `http://trivy.dev/${described.type}/${namespaceName(described.name)}-${bom.uuid}`,
    creators: [`Organization: ${programName}`, `Tool: ${programName}-${options.version}`],
    created: `${new Date(report.createdAt).toISOString().slice(0, 19)}Z`,
    packages,
    files: [...new Map([...files.values()].map((file) => [file.id, file])).values()].sort((a, b) =>
      compareText(a.id, b.id),
    ),
    licenses: licenses.extracted(),
    relationships: relationships(components, ids, files),
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Part of a URI: without a scheme of its own, what URIs do not allow escaped. */
function namespaceName(name: string): string {
  return uriPath(name.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''));
}

const artifactKinds: Readonly<Record<Report['artifactType'], string>> = {
  container_image: 'ContainerImage',
  filesystem: 'Filesystem',
  repository: 'Repository',
  vm: 'Vm',
  cyclonedx: 'Application',
  spdx: 'Application',
};
const componentKinds = { system: 'OperatingSystem', application: 'Application', package: 'Package' } as const;

function elementId(component: BomComponent, report: Report): string {
  const kind = component.kind === 'artifact' ? artifactKinds[report.artifactType] : componentKinds[component.kind];
  return `SPDXRef-${kind}-${digest('sha256', component.ref).slice(0, 16)}`;
}

const digest = (algorithm: 'sha1' | 'sha256', text: string): string => createHash(algorithm).update(text).digest('hex');

function packageOf(component: BomComponent, report: Report): Omit<SpdxPackage, 'id' | 'license'> {
  const isPackage = component.kind === 'package';
  const checksum = checksumOf(component.digest);
  const file = component.path !== undefined && checksum;
  return compact({
    name: packageName(component),
    version: component.version,
    supplier: isPackage
      ? component.supplier
        ? `Organization: ${oneLine(component.supplier)}`
        : 'NOASSERTION'
      : undefined,
    downloadLocation: report.metadata.git?.repoUrl ? `git+${report.metadata.git.repoUrl}` : 'NONE',
    verificationCode: file ? digest('sha1', checksum.value) : undefined,
    checksum: file ? undefined : checksum,
    sourceInfo: sourceInfo(component),
    references: references(component),
    purpose: purpose(component, report),
    annotations: component.properties
      .filter(({ name }) => !/^(?:Src(?:Name|Version|Release|Epoch)|FilePath)$/.test(name))
      .map(({ name, value }) => `${name}: ${value}`),
    vulnerabilities: component.vulnerabilities,
  });
}

function packageName({ group, name, purl }: BomComponent): string {
  if (group === undefined) return name;
  return `${group}${purl?.startsWith('pkg:maven/') ? ':' : '/'}${name}`;
}

const algorithms: Readonly<Record<string, string>> = { md5: 'MD5', sha1: 'SHA1', sha256: 'SHA256', sha512: 'SHA512' };

function checksumOf(text: string | undefined): SpdxChecksum | undefined {
  const [name = '', value = ''] = (text ?? '').split(':');
  const algorithm = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
  return algorithm !== undefined && /^[0-9a-f]+$/.test(value) ? { algorithm, value } : undefined;
}

function sourceInfo({ source, foundIn }: BomComponent): string | undefined {
  if (foundIn !== undefined) return `package found in: ${foundIn}`;
  return source && `built package from: ${source.name} ${versionText(source)}`;
}

function references({ purl, vulnerabilities }: BomComponent): readonly SpdxReference[] {
  const advisories = new Set(vulnerabilities.flatMap((v) => v.primaryUrl || []));
  return [
    ...(purl === undefined ? [] : [{ category: 'PACKAGE-MANAGER', type: 'purl', locator: purl } as const]),
    ...[...advisories].sort().map((locator) => ({ category: 'SECURITY', type: 'advisory', locator }) as const),
  ];
}

function purpose({ kind, type }: BomComponent, report: Report): string {
  if (kind === 'artifact' && type === 'application') return report.artifactType === 'vm' ? 'APPLICATION' : 'SOURCE';
  return type === 'platform' ? 'OTHER' : type.toUpperCase();
}

/** By the reference of their package; one file may show several. */
function filesOf(components: readonly BomComponent[]): ReadonlyMap<string, SpdxFile> {
  const files = new Map<string, SpdxFile>();
  const byId = new Map<string, string>();
  for (const { ref, path, digest: text } of components) {
    const checksum = checksumOf(text);
    if (path === undefined || !checksum) continue;
    const content = JSON.stringify([path, text]);
    // Ids of files are known to be this; another file with the same one, which can be made, gets one of its own.
    const known = `SPDXRef-File-${fnv1(path)}`;
    const other = byId.get(known) ?? content;
    const id = other === content ? known : `SPDXRef-File-${digest('sha256', content).slice(0, 32)}`;
    byId.set(id, content);
    files.set(ref, { name: path, id, checksum });
  }
  return files;
}

function relationships(
  components: readonly BomComponent[],
  ids: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, SpdxFile>,
): readonly SpdxRelationship[] {
  const found: SpdxRelationship[] = [{ from: documentId, type: 'DESCRIBES', to: ids.get(components[0]!.ref)! }];
  for (const { ref, contains, dependsOn } of components) {
    const from = ids.get(ref)!;
    for (const other of contains) found.push({ from, type: 'CONTAINS', to: ids.get(other)! });
    for (const other of dependsOn) found.push({ from, type: 'DEPENDS_ON', to: ids.get(other)! });
    const file = files.get(ref);
    if (file) found.push({ from, type: 'CONTAINS', to: file.id });
  }
  return found.sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to) || compareText(a.type, b.type));
}
