/** A system with packages and advisories in few words, for tests of matching. */
import type { OperatingSystem, Package, PackageRepository, StoredAdvisory, Vulnerability } from '#model';
import { fakeLookup } from './fake-lookup.js';
import { matchInventory, type MatchResult } from '../match-inventory.js';

export interface FakeSystem {
  /** `family version`, or the whole. */
  readonly os: OperatingSystem | string;
  /** `name version` or `name version < source version`, or the whole. */
  readonly packages: readonly (string | Package)[];
  readonly advisories?: Record<string, Record<string, Record<string, StoredAdvisory>>>;
  readonly cpes?: Record<string, number[]>;
  readonly repository?: PackageRepository;
}

export interface Expected {
  /** All findings, in order. */
  readonly finds: readonly string[];
  /** All diagnostics but end of life, as code and message. */
  readonly notes?: readonly (readonly [code: string, message: RegExp])[];
}

export const now = new Date('2026-06-01T00:00:00Z');

export function matchFake({ os, packages, advisories = {}, cpes = {}, repository }: FakeSystem): MatchResult {
  const [family = '', name = ''] = typeof os === 'string' ? os.split(' ') : [];
  return matchInventory(
    {
      os: typeof os === 'string' ? { family, name } : os,
      packages: packages.map((pkg) => (typeof pkg === 'string' ? parse(pkg) : pkg)),
      applications: [],
      diagnostics: [],
      ...(repository && { repository }),
    },
    fakeLookup({ advisories, cpes }),
    { now, packageTypes: ['os', 'library'], severitySources: ['auto'] },
  );
}

/** What a fake system yields, in the forms of `Expected`. */
export function outcome(system: FakeSystem): { finds: string[]; notes: (readonly [code: string, message: string])[] } {
  const { os, diagnostics } = matchFake(system);
  return {
    finds: (os?.vulnerabilities ?? []).map(shown),
    notes: diagnostics
      .filter(({ code }) => code !== 'match/end-of-life')
      .map(({ code, message }) => [code, message] as const),
  };
}

export function parse(text: string): Package {
  const [binary = '', from = binary] = text.split(' < ');
  const [name = '', version = ''] = binary.split(' ');
  const [sourceName = '', sourceVersion = version] = from.split(' ');
  return { id: `${name}@${version}`, name, ...split(version), source: { name: sourceName, ...split(sourceVersion) } };
}

/** `1:2.0-3` as epoch, version and release; Alpine's `-r3` is part of the version. */
function split(text: string): { version: string; epoch?: number; release?: string } {
  const [, epoch, version = '', release] = /^(?:(\d+):)?(.*?)(?:-(?!r\d+$)([^-]*))?$/.exec(text)!;
  return { version, ...(epoch && { epoch: Number(epoch) }), ...(release && { release }) };
}

const shown = ({ id, package: { name }, installedVersion, fixedVersion, status }: Vulnerability): string =>
  `${id} ${name} ${installedVersion} ${fixedVersion ? `→ ${fixedVersion}` : status}`;

/** An advisory that names a fixed version. */
export const fix = (FixedVersion: string): StoredAdvisory => ({ FixedVersion });
