/**
 * `cyclonedx`: a bill of materials in CycloneDX JSON 1.7, or 1.6, with the vulnerabilities of a scan that looked for them.
 * Properties keep the namespace that readers of the reference's documents know.
 * Source  https://cyclonedx.org/docs/1.7/json/ and https://cyclonedx.org/docs/1.6/json/
 */
import { compact } from '#base';
import type { Report } from '#model';
import { billOfMaterials } from './bill-of-materials.js';
import type { Bom, BomComponent } from './bom.js';
import { licenseChoices } from './cyclonedx-license.js';
import { vulnerabilitiesJson } from './cyclonedx-vulnerability.js';
import { defineFormat, type FormatOptions } from './format.js';
import { jsonText } from './json-text.js';
import { offsetTime } from './offset-time.js';
import { programName } from './program-name.js';

export const cyclonedx = defineFormat({
  id: 'cyclonedx',
  title: 'bill of materials, CycloneDX JSON 1.7 or 1.6',
  mediaType: 'application/vnd.cyclonedx+json; version=1.7',
  extension: 'cdx.json',
  async *encode(report, options) {
    yield* cyclonedxDocument(billOfMaterials(report), report, options);
  },
});

type DocumentOptions = Pick<FormatOptions, 'version' | 'cyclonedxVersion'>;

export function* cyclonedxDocument(
  bom: Bom,
  report: Pick<Report, 'createdAt'>,
  options: DocumentOptions,
): Generator<string> {
  yield* jsonText(documentJson(report, bom, options));
  yield '\n';
}

function documentJson(
  report: Pick<Report, 'createdAt'>,
  bom: Bom,
  options: DocumentOptions,
): ReadonlyMap<string, unknown> {
  const all = [bom.root, ...bom.components];
  const { cyclonedxVersion: specVersion = '1.7' } = options;
  return new Map<string, unknown>([
    ['$schema', `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`],
    ['bomFormat', 'CycloneDX'],
    ['specVersion', specVersion],
    ['serialNumber', `urn:uuid:${bom.uuid}`],
    ['version', 1],
    ['metadata', metadataJson(report, bom.root, options)],
    ['components', mapped(bom.components, componentJson)],
    ['dependencies', mapped(all.toSorted(byRef), dependenciesJson)],
    ['vulnerabilities', vulnerabilitiesJson(all)],
  ]);
}

const byRef = (a: BomComponent, b: BomComponent): number => (a.ref < b.ref ? -1 : 1);

function* mapped<T>(values: Iterable<T>, change: (value: T) => unknown): Generator<unknown> {
  for (const value of values) yield change(value);
}

function metadataJson(report: Pick<Report, 'createdAt'>, root: BomComponent, { version }: DocumentOptions): unknown {
  const tool = {
    type: 'application',
    manufacturer: { name: programName },
    group: programName,
    name: programName,
    version,
  };
  return {
    timestamp: offsetTime(report.createdAt),
    tools: { components: [tool] },
    component: componentJson(root),
  };
}

const algorithms: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha512: 'SHA-512',
};

function componentJson(component: BomComponent): unknown {
  return compact({
    'bom-ref': component.ref,
    type: component.type,
    supplier: component.supplier === undefined ? undefined : { name: component.supplier },
    group: component.group,
    name: component.name,
    version: component.version,
    hashes: hashes(component.digest),
    licenses: licenseChoices(component.licenses),
    purl: component.purl,
    properties: component.properties.map(({ name, value, foreign }) => ({
      name: foreign ? name : `aquasecurity:trivy:${name}`,
      value,
    })),
  });
}

function hashes(digest: string | undefined): unknown {
  const [algorithm = '', content = ''] = (digest ?? '').split(':');
  const alg = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
  return alg !== undefined && /^[0-9a-f]+$/i.test(content) ? [{ alg, content }] : undefined;
}

function dependenciesJson({ ref, contains, dependsOn }: BomComponent): unknown {
  return { ref, dependsOn: [...new Set([...contains, ...dependsOn])].sort() };
}
