/**
 * From a bill of materials to packages and applications, as extractors would yield them.
 * Packages belong to the system or to the application that leads to them; language packages that nothing leads to are
 * gathered by type, as installed packages of an unknown place. Whatever cannot be assessed becomes a diagnostic.
 */
import { compact, FormatError, limits } from '#base';
import { aggregatedTypes, distributionOf, ecosystemOf } from '#ecosystems';
import { decodePurl, type PackageUrl } from '#formats';
import type { Application, Diagnostic, OperatingSystem, Package, Sbom, SbomComponent } from '#model';
import { canonicalOsFamily } from '../os/os-family.js';
import { familiesById } from '../os/os-release.js';
import { componentPackage, purlName } from './component-package.js';
import { Findings } from './findings.js';
import { purlKind } from './purl-type.js';

export interface SbomContent {
  readonly os?: OperatingSystem;
  readonly packages: readonly Package[];
  readonly applications: readonly Application[];
  readonly diagnostics: readonly Diagnostic[];
  /** The distribution as package URLs name it, when no component does: `debian-12.5`. */
  readonly distributionHint?: string;
}

/** Packages counted once for each application that leads to them. */
const maxVisits = 1_000_000;

interface Member {
  readonly ref: string;
  readonly purl: PackageUrl;
  readonly kind: string;
  readonly package: Package;
}

export function sbomContent(sbom: Sbom): SbomContent {
  const findings = new Findings();
  const members = readMembers(sbom, findings);
  const edges = new Map(sbom.relations.map(({ from, to }) => [from, to]));
  const packages = new Map([...members].map(([ref, member]) => [ref, withDependencies(member, edges, members)]));
  const os = systemOf(sbom, findings);
  const system = [...members.values()].filter(({ kind }) => kind === 'os');
  return compact({
    os,
    packages: system.map(({ ref }) => packages.get(ref)!),
    applications: applicationsOf(sbom, members, packages, edges),
    diagnostics: findings.diagnostics(),
    distributionHint: os ? undefined : system.map(({ purl }) => purl.qualifiers?.get('distro')).find(Boolean),
  });
}

function readMembers(sbom: Sbom, findings: Findings): Map<string, Member> {
  const members = new Map<string, Member>();
  for (const component of sbom.components) {
    const label = `${component.name} ${component.version ?? ''}`.trim();
    if (component.purl === undefined) {
      if (component.kind === 'library' && component.ref !== sbom.root) findings.note('no-purl', label);
      continue;
    }
    const purl = tryPurl(component.purl);
    const kind = purl && purlKind(purl);
    if (!purl) findings.note('invalid-purl', component.purl.slice(0, 200));
    else if (kind === undefined) findings.note('unknown-purl-type', `pkg:${purl.type}/${purl.name}`);
    else if (members.size >= limits.packages) findings.note('incomplete', component.ref);
    else if (kind !== 'artifact') members.set(component.ref, readMember(component, purl, kind, sbom, findings));
  }
  return members;
}

function readMember(component: SbomComponent, purl: PackageUrl, kind: string, sbom: Sbom, findings: Findings): Member {
  const { package: pkg, sourceAssumed } = componentPackage(component, purl, kind, sbom.format);
  if (sourceAssumed) findings.note('source-assumed', pkg.name);
  if (kind !== 'os' && differs(pkg.name, purlName(purl))) findings.note('name-differs', `${pkg.name} (${pkg.purl})`);
  return { ref: component.ref, purl, kind, package: pkg };
}

/** Case and the spelling of separators are not what makes a different package. */
const differs = (a: string, b: string): boolean => plain(a) !== plain(b);
const plain = (name: string): string => name.toLowerCase().replaceAll('_', '-');

function tryPurl(text: string): PackageUrl | undefined {
  try {
    return decodePurl(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function withDependencies(
  { ref, package: pkg }: Member,
  edges: ReadonlyMap<string, readonly string[]>,
  members: ReadonlyMap<string, Member>,
): Package {
  const ids = new Set((edges.get(ref) ?? []).flatMap((target) => members.get(target)?.package.id ?? []));
  return ids.size > 0 ? { ...pkg, dependsOn: [...ids] } : pkg;
}

/** The first system named; its component is called by the family, and by `ID` of os-release in other programs' bills. */
function systemOf(sbom: Sbom, findings: Findings): OperatingSystem | undefined {
  const [first, ...more] = sbom.components.filter(({ kind }) => kind === 'operating-system');
  if (!first) return undefined;
  for (const { name, version } of more) {
    if (name !== first.name || version !== first.version) findings.note('several-systems', `${name} ${version ?? ''}`);
  }
  const lower = first.name.toLowerCase();
  const family = familiesById.get(lower) ?? canonicalOsFamily(lower);
  return { family: distributionOf(family) ? family : first.name, name: first.version ?? '' };
}

function applicationsOf(
  sbom: Sbom,
  members: ReadonlyMap<string, Member>,
  packages: ReadonlyMap<string, Package>,
  edges: ReadonlyMap<string, readonly string[]>,
): Application[] {
  const applications = new Map<string, { type: string; path: string; packages: Map<string, Package> }>();
  const put = (type: string, path: string, ref: string): void => {
    const key = `${type}\n${path}`;
    let application = applications.get(key);
    if (!application) applications.set(key, (application = { type, path, packages: new Map() }));
    application.packages.set(ref, packages.get(ref)!);
  };
  const typed = new Map(sbom.components.flatMap((component) => applicationType(component)));
  const attached = new Set<string>();
  let visited = 0;
  for (const [ref, { type, path }] of typed) {
    const reached = reachable(ref, edges, typed);
    if ((visited += reached.size) > maxVisits)
      throw new FormatError(`applications lead to more than ${maxVisits} packages`);
    for (const found of reached) {
      const kind = members.get(found)?.kind;
      if (kind === undefined || kind === 'os' || ecosystemOf(kind) !== ecosystemOf(type)) continue;
      attached.add(found);
      put(type, path, found);
    }
  }
  for (const { ref, kind } of members.values()) if (kind !== 'os' && !attached.has(ref)) put(kind, '', ref);
  return [...applications.values()].map((application) => ({
    ...application,
    packages: [...application.packages.values()],
  }));
}

function applicationType({
  ref,
  kind,
  name,
  properties,
  purl,
}: SbomComponent): [string, { type: string; path: string }][] {
  const type = properties.find((property) => property.name === 'Type' && !property.foreign)?.value;
  if (kind !== 'application' || type === undefined || purl !== undefined) return [];
  return [[ref, { type, path: aggregatedTypes.has(type) ? '' : name }]];
}

/** All that relations lead to, without what other applications hold. */
function reachable(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
  borders: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...(edges.get(start) ?? [])];
  for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
    if (seen.has(ref) || borders.has(ref)) continue;
    seen.add(ref);
    for (const next of edges.get(ref) ?? []) queue.push(next);
  }
  return seen;
}
