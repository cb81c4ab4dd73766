/**
 * An alert joined with the findings of its container's image: which vulnerable package ran, and what the touched files
 * belong to.
 * Yields  data for one line of JSON, of bounded size.
 * Limits  10 files, 10 packages of a file, 20 findings of a package or file; what is left out is counted.
 */
import { severities } from '#model';
import type { Alert } from './alert.js';
import { filePath } from './file-path.js';
import type { FileFindings, FindingIndex, FoundBy, IndexedImage, VulnerablePackage } from './finding-index.js';
import { isDigest } from './image-name.js';

export interface JoinedAlert {
  readonly time: string;
  readonly rule: string;
  readonly priority: string;
  readonly source: string;
  readonly hostname: string;
  readonly output: string;
  readonly container: Readonly<Record<string, string>>;
  /** How the image was found among the reports; `none` says nothing about its findings. */
  readonly match: FoundBy | 'none';
  readonly image?: object;
  readonly ran: readonly JoinedFile[];
  readonly touched: readonly JoinedFile[];
}

export interface JoinedFile {
  readonly path: string;
  readonly packages: readonly (VulnerablePackage & { readonly more?: number })[];
  readonly secrets?: FileFindings['secrets'];
  /** Packages or secrets left out. */
  readonly more?: number;
}

/** https://falco.org/docs/reference/rules/supported-fields/ */
const executableFields = ['proc.exepath', 'proc.exe'];
const fileFields = ['fd.name', 'fs.path.name', 'fs.path.source', 'fs.path.target', 'evt.arg.path', 'evt.arg.pathname'];
const containerFields = {
  id: 'container.id',
  name: 'container.name',
  repository: 'container.image.repository',
  tag: 'container.image.tag',
  digest: 'container.image.digest',
  namespace: 'k8s.ns.name',
  pod: 'k8s.pod.name',
} as const;

const MAX_FILES = 10;
const MAX_PACKAGES = 10;
const MAX_FINDINGS = 20;

export function joinAlert(alert: Alert, index: FindingIndex): JoinedAlert {
  const { fields, ...head } = alert;
  const field = (name: string): string | undefined => {
    const value = fields.get(name);
    return value === undefined || value === '' || value === '<NA>' ? undefined : value;
  };
  const container = Object.fromEntries(
    Object.entries(containerFields).flatMap(([key, name]) => {
      const value = field(name);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const found = index.find(keysOf(field));
  if (!found) return { ...head, container, match: 'none', ran: [], touched: [] };
  const files = (names: readonly string[]): JoinedFile[] =>
    joinFiles(
      names.flatMap((name) => field(name) ?? []),
      found.image,
    );
  return {
    ...head,
    container,
    match: found.by,
    image: describe(found.image),
    ran: files(executableFields),
    touched: files(fileFields),
  };
}

function keysOf(field: (name: string) => string | undefined): Parameters<FindingIndex['find']>[0] {
  const digest = field('container.image.digest');
  const image = field('container.image');
  const id = field('container.image.id');
  const inName = /@(sha(?:256|512):[0-9a-f]+)$/.exec(image ?? '')?.[1];
  const known = [digest?.slice(digest.lastIndexOf('@') + 1), inName].find(
    (text) => text !== undefined && isDigest(text),
  );
  const named = /^([^@]+):([\w][\w.-]*)$/.exec(image ?? '');
  return {
    digest: known,
    repository: field('container.image.repository') ?? named?.[1],
    tag: field('container.image.tag') ?? named?.[2],
    imageId: id !== undefined && /^(?:sha256:)?[0-9a-f]{12,64}$/.test(id) ? id : undefined,
  };
}

function joinFiles(texts: readonly string[], image: IndexedImage): JoinedFile[] {
  return [...new Set(texts)].slice(0, MAX_FILES).flatMap((path) => {
    const comparable = filePath(path, 'alert');
    const found = comparable === undefined ? undefined : image.at(comparable);
    if (!found) return [];
    const left = Math.max(0, found.packages.length - MAX_PACKAGES) + Math.max(0, found.secrets.length - MAX_FINDINGS);
    return {
      path,
      packages: found.packages.slice(0, MAX_PACKAGES).map(shortened),
      ...(found.secrets.length > 0 && {
        secrets: found.secrets
          .slice(0, MAX_FINDINGS)
          .map(({ ruleId, severity, startLine }) => ({ ruleId, severity, startLine })),
      }),
      ...(left > 0 && { more: left }),
    };
  });
}

function shortened(pkg: VulnerablePackage): VulnerablePackage & { more?: number } {
  const left = pkg.vulnerabilities.length - MAX_FINDINGS;
  return left > 0 ? { ...pkg, vulnerabilities: pkg.vulnerabilities.slice(0, MAX_FINDINGS), more: left } : pkg;
}

const describe = ({ name, scannedAt, assessed, counts, exploited }: IndexedImage): object => ({
  name,
  scannedAt,
  assessed,
  vulnerabilities: Object.fromEntries(severities.toReversed().map((severity) => [severity, counts.get(severity) ?? 0])),
  exploited,
});
