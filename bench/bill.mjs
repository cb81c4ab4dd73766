// A made-up bill of materials of 1,687 packages: those of a Debian image, and of an application in four languages.
const COMPONENTS = 1687;
const DEBIAN = 307;

/** Type of the package, and its URL up to the name, with what stands before the name in a component. */
const kinds = [
  ['node-pkg', 'pkg:npm/%40scope', { group: '@scope' }],
  ['python-pkg', 'pkg:pypi', {}],
  ['gobinary', 'pkg:golang', {}],
  ['jar', 'pkg:maven/org.example.made', { group: 'org.example.made' }],
];

const version = (i) => `${1 + (i % 7)}.${i % 23}.${i % 11}`;

/** CycloneDX 1.6, as the reference writes it. */
export function makeBill() {
  const os = {
    'bom-ref': 'os',
    type: 'operating-system',
    name: 'debian',
    version: '12.5',
    properties: trivy({ Class: 'os-pkgs', Type: 'debian' }),
  };
  const components = Array.from({ length: COMPONENTS }, (_, i) => (i < DEBIAN ? debian(i) : library(i)));
  const dependencies = components.map((component, i) => ({
    ref: component['bom-ref'],
    dependsOn: [1, 2, 3].map((n) => components[(i * 7 + n * 31) % COMPONENTS]['bom-ref']),
  }));
  return JSON.stringify({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    version: 1,
    metadata: {
      timestamp: '2026-01-01T00:00:00+00:00',
      component: { 'bom-ref': 'root', type: 'container', name: 'bench' },
    },
    components: [os, ...components],
    dependencies: [
      { ref: 'root', dependsOn: ['os'] },
      { ref: 'os', dependsOn: components.slice(0, DEBIAN).map((component) => component['bom-ref']) },
      ...dependencies,
    ],
    vulnerabilities: [],
  });
}

function debian(i) {
  const purl = `pkg:deb/debian/made${i}@${version(i)}-1?arch=amd64&distro=debian-12.5`;
  const properties = trivy({
    PkgID: `made${i}@${version(i)}-1`,
    PkgType: 'debian',
    SrcName: `made${i}`,
    SrcVersion: version(i),
    SrcRelease: '1',
  });
  return {
    'bom-ref': purl,
    type: 'library',
    name: `made${i}`,
    version: `${version(i)}-1`,
    purl,
    properties,
    licenses: [{ license: { name: 'MIT' } }],
  };
}

function library(i) {
  const [type, start, group] = kinds[i % kinds.length];
  const name = `made-${i}`;
  const purl = `${start}/${name}@${version(i)}`;
  const properties = trivy({ PkgID: `${name}@${version(i)}`, PkgType: type, FilePath: `app/${i}` });
  const licenses = [{ license: { name: 'MIT' } }];
  return { 'bom-ref': purl, type: 'library', ...group, name, version: version(i), purl, properties, licenses };
}

const trivy = (properties) =>
  Object.entries(properties).map(([name, value]) => ({ name: `aquasecurity:trivy:${name}`, value }));
