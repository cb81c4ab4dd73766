/** Options that the scanning commands share, and the way from them to the options of a scan. */
import { PratiqueError } from '#base';
import type { ScanOptions } from '#scan';
import { reportOptionNames } from './report-options.js';
import type { GlobalOptions, OptionName, Options } from '../option-table.js';

export const scanOptionNames = [
  ...reportOptionNames,
  'skip-dirs',
  'skip-files',
  'file-patterns',
  'detection-priority',
  'offline-scan',
  'parallel',
  'secret-config',
  'license-forbidden',
  'license-restricted',
  'license-reciprocal',
  'license-notice',
  'license-permissive',
  'license-unencumbered',
  'vuln-severity-source',
  'pkg-types',
  'pkg-relationships',
  'username',
  'password',
  'password-stdin',
  'registry-token',
  'mirrors',
  'db-repository',
  'java-db-repository',
  'skip-db-update',
  'skip-java-db-update',
  'download-db-only',
  'download-java-db-only',
  'no-progress',
  'offline-default',
  'cache-backend',
  'cache-max-size',
] as const satisfies readonly OptionName[];

export type ScanCommandOptions = Options<(typeof scanOptionNames)[number]> & GlobalOptions;

export function toScanOptions(options: ScanCommandOptions, extra: ScanOptions): ScanOptions {
  return {
    packageTypes: options['pkg-types'] as ScanOptions['packageTypes'] & object,
    relationships: options['pkg-relationships'] as ScanOptions['relationships'] & object,
    detection: options['detection-priority'] as 'precise' | 'comprehensive',
    severitySources: options['vuln-severity-source'],
    secretConfig: options['secret-config'],
    licenseCategories: licenseChoice(options),
    skipFiles: options['skip-files'],
    skipDirs: options['skip-dirs'],
    filePatterns: options['file-patterns'].map(filePattern),
    parallel: options.parallel,
    offline: options['offline-scan'],
    cache: options['cache-backend'] === 'fs',
    cacheMaxSize: options['cache-max-size'],
    ...(options['cache-dir'] && { cacheDir: options['cache-dir'] }),
    registry: {
      insecure: options.insecure,
      credentials: options.username.map((username, i) => ({ username, password: options.password[i] ?? '' })),
      mirrors: options.mirrors,
      ...(options.cacert && { caFile: options.cacert }),
      ...(options['registry-token'] && { registryToken: options['registry-token'] }),
    },
    database: {
      repositories: options['db-repository'],
      javaRepositories: options['java-db-repository'],
      skipUpdate: options['skip-db-update'],
      skipJavaUpdate: options['skip-java-db-update'],
      embedded: options['offline-default'],
    },
    ...extra,
  };
}

/** The lists that the configuration gives; one that is empty is none. */
function licenseChoice(options: ScanCommandOptions): ScanOptions['licenseCategories'] & object {
  const lists = {
    forbidden: options['license-forbidden'],
    restricted: options['license-restricted'],
    reciprocal: options['license-reciprocal'],
    notice: options['license-notice'],
    permissive: options['license-permissive'],
    unencumbered: options['license-unencumbered'],
  };
  return Object.fromEntries(Object.entries(lists).filter(([, names]) => names.length > 0));
}

function filePattern(text: string): { name: string; source: string } {
  const colon = text.indexOf(':');
  if (colon < 1)
    throw new PratiqueError('usage/invalid', { problem: `--file-patterns ${text}: TYPE:REGEX is expected` });
  return { name: text.slice(0, colon), source: text.slice(colon + 1) };
}

export function distroOption(text: string): ScanOptions {
  if (!text) return {};
  const [family, name, more] = text.split('/');
  if (!family || !name || more !== undefined) {
    throw new PratiqueError('usage/invalid', {
      problem: `--distro ${text}: FAMILY/VERSION is expected, as in alpine/3.20`,
    });
  }
  return { distro: { family, name } };
}
