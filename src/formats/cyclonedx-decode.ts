/**
 * CycloneDX documents, specifications 1.0 to 1.7, as parsed JSON (or XML brought into the same shape).
 * Yields  components, nested ones too (related to what they are nested in), and the dependency graph.
 *         Properties of `aquasecurity:trivy:` lose that prefix; others are marked as foreign.
 * Limits  components nested 64 deep; the size of the document is its reader's.
 * Errors  `FieldError` for fields of another type; `FormatError` for other major versions.
 * Source  https://cyclonedx.org/docs/1.7/json/
 */
import { compact, FormatError } from '#base';
import type { Sbom, SbomComponent, SbomComponentKind, SbomHash, SbomProperty } from '#model';
import { tableField, tablesField, textField, textsField, type Table } from './sbom-field.js';
import { SbomBuilder } from './sbom-builder.js';

/** Namespace of the properties that the reference and this program write. */
export const propertyNamespace = 'aquasecurity:trivy:';

const maxDepth = 64;

export function decodeCycloneDx(document: Table): Sbom {
  const specVersion = textField(document, 'specVersion') ?? '1.0';
  if (!/^1\.\d+$/.test(specVersion))
    throw new FormatError(`CycloneDX ${specVersion} is not supported (1.0 to 1.7 are)`);
  const builder = new SbomBuilder();
  const root = tableField(document, 'metadata', (metadata) =>
    tableField(metadata, 'component', (component) => addComponent(builder, component, 0)),
  );
  tablesField(document, 'components', (component) => addComponent(builder, component, 0));
  tablesField(document, 'dependencies', (dependency) => {
    const ref = textField(dependency, 'ref');
    if (ref !== undefined) builder.relate(ref, textsField(dependency, 'dependsOn'));
  });
  return compact({
    format: 'cyclonedx' as const,
    specVersion,
    id: textField(document, 'serialNumber'),
    revision: typeof document['version'] === 'number' ? document['version'] : undefined,
    tools: tableField(document, 'metadata', toolNames) ?? [],
    root,
    vexReferences: vexReferences(document),
    ...builder.content(),
  });
}

/** `undefined` without any. */
function vexReferences(document: Table): string[] | undefined {
  const found = tablesField(document, 'externalReferences', (reference) =>
    textField(reference, 'type') === 'exploitability-statement' ? textField(reference, 'url') : undefined,
  ).filter((url) => url !== undefined);
  return found.length > 0 ? found : undefined;
}

/** Adds a component and those nested in it; yields its reference. */
function addComponent(builder: SbomBuilder, table: Table, depth: number): string {
  if (depth > maxDepth) throw new FormatError(`components are nested deeper than ${maxDepth} levels`);
  const ref = builder.add(readComponent(table));
  const nested = tablesField(table, 'components', (inner) => addComponent(builder, inner, depth + 1));
  if (nested.length > 0) builder.relate(ref, nested);
  return ref;
}

const kinds: ReadonlyMap<string, SbomComponentKind> = new Map([
  ['application', 'application'],
  ['container', 'container'],
  ['file', 'file'],
  ['framework', 'library'],
  ['library', 'library'],
  ['operating-system', 'operating-system'],
  ['platform', 'platform'],
]);

function readComponent(table: Table): Omit<SbomComponent, 'ref'> {
  return compact({
    bomRef: textField(table, 'bom-ref'),
    kind: kinds.get(textField(table, 'type') ?? 'library') ?? 'other',
    group: textField(table, 'group'),
    name: textField(table, 'name') ?? '',
    version: textField(table, 'version'),
    purl: textField(table, 'purl'),
    supplier: tableField(table, 'supplier', (supplier) => textField(supplier, 'name')),
    licenses: tablesField(table, 'licenses', readLicense).filter((license) => license !== undefined),
    hashes: tablesField(table, 'hashes', readHash).filter((hash) => hash !== undefined),
    properties: readProperties(table),
  });
}

function readLicense(choice: Table): string | undefined {
  return (
    textField(choice, 'expression') ??
    tableField(choice, 'license', (license) => textField(license, 'id') ?? textField(license, 'name'))
  );
}

function readHash(hash: Table): SbomHash | undefined {
  const algorithm = textField(hash, 'alg');
  const value = textField(hash, 'content');
  return algorithm && value ? { algorithm: hashName(algorithm), value: value.toLowerCase() } : undefined;
}

/** `SHA-256` and `SHA256` → `sha256`. */
export const hashName = (algorithm: string): string => algorithm.toLowerCase().replaceAll('-', '');

function readProperties(table: Table): SbomProperty[] {
  const kept: SbomProperty[] = [];
  tablesField(table, 'properties', (property) => {
    const name = textField(property, 'name');
    const value = textField(property, 'value');
    if (name === undefined || value === undefined) return;
    if (name.startsWith(propertyNamespace)) kept.push({ name: name.slice(propertyNamespace.length), value });
    else kept.push({ name, value, foreign: true });
  });
  return kept;
}

/** A list of tools up to 1.4, an object of components since 1.5. */
function toolNames(metadata: Table): string[] {
  const tools = metadata['tools'];
  const names = Array.isArray(tools)
    ? tablesField(metadata, 'tools', named)
    : (tableField(metadata, 'tools', (current) => tablesField(current, 'components', named)) ?? []);
  return names.filter(Boolean);
}

const named = (tool: Table): string => textField(tool, 'name') ?? '';
