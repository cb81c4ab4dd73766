/**
 * Scans an image for the webhook: in a process of its own, which may take all its time and memory without delaying an answer.
 * Where there is no program to start, in this process.
 * Limits  10 minutes a scan; reports of 256 MiB.
 * Errors  `PratiqueError`: those of the registry, or `scan/failed` with the last line that the program wrote.
 */
import { join } from 'node:path';
import { PratiqueError } from '#base';
import { type Report, severities } from '#model';
import { createRegistryClient, parseReference } from '#oci';
import { cacheDirectory, readIfPresent, runProgram, tempDirectory, type World } from '#platform';
import { readReport } from '#report';
import { openDatabase, scan, type ScanOptions } from '#scan';
import type { ImageFacts } from './image-facts.js';
import { reportFacts } from './report-facts.js';
import type { ImageScanner, ScanRequest } from './scan-queue.js';

export interface ScannerProgram {
  /** Program and arguments before the command. */
  readonly command: readonly string[];
  /** Further options of the `image` command. */
  readonly args: readonly string[];
  /** Where passwords are, which must not stand on a command line. */
  readonly env: Readonly<Record<string, string>>;
}

const LONGEST = 600_000;
const MAX_REPORT = 256 * 1024 * 1024;

export function createImageScanner(
  options: ScanOptions,
  program: ScannerProgram | undefined,
  world: World,
): ImageScanner {
  return async (request, signal) => {
    const registry = options.registry ?? {};
    const absent = await withoutPlatform(request, registry, world, signal);
    if (absent) return absent;
    const report = program
      ? await scanByProgram(request, program, world, signal)
      : await scanHere(request, options, { ...world, signal });
    const cacheDir = options.cacheDir ?? cacheDirectory(world);
    const database = await openDatabase({ ...options.database, skipUpdate: true, cacheDir, registry }, world);
    try {
      return reportFacts(report, { ...request, lookup: database.lookup });
    } finally {
      database.close();
    }
  };
}

/** The facts of an image that has no variant for the platform. */
async function withoutPlatform(
  { repository, digest, platform }: ScanRequest,
  registry: NonNullable<ScanOptions['registry']>,
  world: World,
  signal: AbortSignal,
): Promise<ImageFacts | undefined> {
  const client = createRegistryClient(registry, world);
  try {
    await client.image(parseReference(`${repository}@${digest}`), platform, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof PratiqueError) || error.code !== 'registry/no-platform') throw error;
    const scannedAt = world.clock.now().getTime();
    return { repository, digest, platform, scannedAt, databaseVersion: '', findings: [], absent: true };
  } finally {
    await client.close();
  }
}

const scanHere = ({ repository, digest, platform }: ScanRequest, options: ScanOptions, world: World): Promise<Report> =>
  scan(
    { kind: 'image', name: `${repository}@${digest}` },
    { ...options, image: { ...options.image, sources: ['remote'], platform } },
    world,
  );

async function scanByProgram(
  { repository, digest, platform }: ScanRequest,
  { command: [program = '', ...first], args, env }: ScannerProgram,
  world: World,
  signal: AbortSignal,
): Promise<Report> {
  const image = `${repository}@${digest}`;
  // Its own directory: no configuration or ignore file that happens to lie about counts.
  const folder = await tempDirectory();
  try {
    const path = join(folder.path, 'report.json');
    // The environment may ask for less; policies choose among all findings.
    const all = [
      '--severity',
      severities.join(','),
      '--ignore-unfixed=false',
      '--scanners',
      'vuln',
      '--exit-code',
      '0',
    ];
    const own = [
      '--format',
      'json',
      '--output',
      path,
      '--quiet',
      '--list-all-pkgs=false',
      '--image-src',
      'remote',
      ...all,
    ];
    const ended = await runProgram(program, [...first, 'image', ...own, '--platform', platform, ...args, image], {
      timeout: LONGEST,
      env: { ...world.env, ...env },
      cwd: folder.path,
      signal,
    });
    const report = ended.exitCode === 0 ? await readIfPresent(path, MAX_REPORT) : undefined;
    if (!report) throw new PratiqueError('scan/failed', { image, reason: ended.reason ?? lastLine(ended.stderr) });
    return await readReport(new TextDecoder().decode(report));
  } finally {
    await folder.remove();
  }
}

/** Without time and level. */
function lastLine(log: string): string {
  const line = log.trim().split('\n').at(-1) ?? '';
  return line.split('\t').slice(2).join(' ') || line || 'the scan ended without a report';
}
