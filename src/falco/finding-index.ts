/**
 * The findings of reports, to be looked up by container image and file.
 * Yields  for an image its counts and its vulnerable packages by file. Only packages with findings are kept.
 * Limits  where several reports speak of a name, the latest counts; paths as in `file-path.ts`.
 */
import type { Report, Result, Secret, Severity, Vulnerability } from '#model';
import { archivePath, directoriesAbove, filePath, packageDirectory } from './file-path.js';
import { imageName } from './image-name.js';
import { isExploited, type ScannedImage, scannedImage, wasAssessed, worstFirst } from './scanned-image.js';

export interface FoundVulnerability {
  readonly id: string;
  readonly severity: Severity;
  readonly fixedVersion?: string;
  readonly exploited?: true;
}

export interface VulnerablePackage {
  readonly name: string;
  readonly version: string;
  readonly type?: string;
  readonly purl?: string;
  /** Worst first. */
  readonly vulnerabilities: readonly FoundVulnerability[];
}

export interface FileFindings {
  readonly packages: readonly VulnerablePackage[];
  readonly secrets: readonly Pick<Secret, 'ruleId' | 'severity' | 'startLine'>[];
}

export interface IndexedImage {
  readonly name: string;
  readonly scannedAt: string;
  /** False when not all of it could be compared with advisories: no findings does not mean clean. */
  readonly assessed: boolean;
  readonly counts: ReadonlyMap<Severity, number>;
  readonly exploited: number;
  readonly packages: number;
  at(path: string): FileFindings | undefined;
}

export interface ImageKeys {
  readonly repository?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly imageId?: string | undefined;
}

export type FoundBy = 'digest' | 'image_id' | 'tag';

export interface FindingIndex {
  readonly images: number;
  readonly packages: number;
  find(keys: ImageKeys): { readonly image: IndexedImage; readonly by: FoundBy } | undefined;
}

export function indexFindings(reports: readonly Report[]): FindingIndex {
  const byDigest = new Map<string, IndexedImage>();
  const byId = new Map<string, IndexedImage>();
  const byTag = new Map<string, IndexedImage>();
  const images = reports.flatMap((report) => scannedImage(report) ?? []);
  let packages = 0;
  for (const scanned of images.sort((a, b) => Date.parse(a.report.createdAt) - Date.parse(b.report.createdAt))) {
    const image = indexImage(scanned);
    packages += image.packages;
    for (const digest of scanned.digests) byDigest.set(digest, image);
    for (const tag of scanned.tags) byTag.set(tag, image);
    if (scanned.imageId !== undefined) byId.set(shortId(scanned.imageId), image);
  }
  return {
    images: images.length,
    packages,
    find({ repository = '', tag, digest, imageId }) {
      const exact = digest === undefined ? undefined : byDigest.get(digest);
      if (exact) return { image: exact, by: 'digest' };
      const same = imageId === undefined ? undefined : byId.get(shortId(imageId));
      if (same) return { image: same, by: 'image_id' };
      const name = tag ? imageName(`${repository}:${tag}`) : undefined;
      const tagged = name && byTag.get(`${name.repository}:${name.tag ?? ''}`);
      return tagged && { image: tagged, by: 'tag' };
    },
  };
}

/** Some runtimes tell twelve digits of it. */
const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);

function indexImage({ name, report }: ScannedImage): IndexedImage {
  const counts = new Map<Severity, number>();
  const files = new Map<string, Kept>();
  // Apart from files: lists of installed files may name directories that many packages share.
  const directories = new Map<string, Kept>();
  let packages = 0;
  let exploited = 0;
  for (const result of report.results) {
    for (const found of result.vulnerabilities) {
      counts.set(found.severity, (counts.get(found.severity) ?? 0) + 1);
      if (isExploited(found)) exploited++;
    }
    for (const found of byPackage(result).values()) {
      packages++;
      const shown = describe(found, result);
      const places = pathsOf(found[0]!, result);
      for (const path of places.files) at(files, path).packages.push(shown);
      if (places.directory !== undefined) at(directories, places.directory).packages.push(shown);
    }
    const file = (result.secrets ?? []).length > 0 ? filePath(result.target, 'report') : undefined;
    if (file !== undefined) at(files, file).secrets.push(...result.secrets!);
  }
  return {
    name,
    scannedAt: report.createdAt,
    assessed: wasAssessed(report),
    counts,
    exploited,
    packages,
    at(path) {
      const exact = files.get(path);
      if (exact) return exact;
      const directory = directoriesAbove(path).find((above) => directories.has(above));
      return directory === undefined ? undefined : directories.get(directory);
    },
  };
}

interface Kept {
  readonly packages: VulnerablePackage[];
  readonly secrets: Secret[];
}

function at(places: Map<string, Kept>, path: string): Kept {
  const known = places.get(path) ?? { packages: [], secrets: [] };
  places.set(path, known);
  return known;
}

function byPackage({ vulnerabilities }: Result): Map<string, Vulnerability[]> {
  const found = new Map<string, Vulnerability[]>();
  for (const vulnerability of vulnerabilities) {
    const { uid, id, name, path } = vulnerability.package;
    const key = JSON.stringify([uid ?? '', id ?? '', name, path ?? '', vulnerability.installedVersion]);
    const known = found.get(key);
    if (known) known.push(vulnerability);
    else found.set(key, [vulnerability]);
  }
  return found;
}

function describe(found: readonly Vulnerability[], { type }: Result): VulnerablePackage {
  const { package: pkg, installedVersion } = found[0]!;
  return {
    name: pkg.name,
    version: installedVersion,
    ...(type !== undefined && { type }),
    ...(pkg.purl !== undefined && { purl: pkg.purl }),
    vulnerabilities: found
      .map((one) => ({
        id: one.id,
        severity: one.severity,
        ...(one.fixedVersion && { fixedVersion: one.fixedVersion }),
        ...(isExploited(one) && { exploited: true as const }),
      }))
      .sort((a, b) => worstFirst(a.severity, b.severity) || (a.id < b.id ? -1 : 1)),
  };
}

/** Files of the package, and the directory it fills. */
function pathsOf({ package: pkg }: Vulnerability, result: Result): { files: Set<string>; directory?: string } {
  const files = new Set<string>();
  const shown = result.class === 'lang-pkgs' ? (pkg.path ?? result.target) : '';
  for (const text of [...(pkg.installedFiles ?? []), shown]) {
    const path = filePath(text, 'report');
    if (path !== undefined && path !== '/') files.add(archivePath(path)).add(path);
  }
  const directory = packageDirectory(filePath(shown, 'report') ?? '');
  return { files, ...(directory !== undefined && { directory }) };
}
