/**
 * Inputs of the action, from `INPUT_*`, to a command line. No shell is involved: each value is one argument.
 * Source  https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
 */
import { PratiqueError } from '#base';
import type { Environment } from '#platform';

export type Input = (name: string) => string;

/** Blank when not given. The runner upper-cases names and keeps their dashes. */
export function inputsOf(env: Environment): Input {
  return (name) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
}

/** Options that take the input's value as it is. */
const plain = {
  input: '--input',
  template: '--template',
  output: '--output',
  severity: '--severity',
  'exit-code': '--exit-code',
  'vuln-type': '--pkg-types',
  scanners: '--scanners',
  'skip-dirs': '--skip-dirs',
  'skip-files': '--skip-files',
  'ignore-policy': '--ignore-policy',
  'trivy-config': '--config',
  timeout: '--timeout',
  'docker-host': '--docker-host',
} as const;

const flags = {
  'ignore-unfixed': '--ignore-unfixed',
  'list-all-pkgs': '--list-all-pkgs',
  'hide-progress': '--quiet',
} as const;

const scanTypes = ['image', 'fs', 'filesystem', 'rootfs', 'repo', 'repository', 'sbom'];

export interface Paths {
  readonly cacheDir: string;
  readonly ignoreFile?: string;
  /** Where the job summary is made. */
  readonly summary?: string;
}

export function commandLine(input: Input, paths: Paths): readonly string[] {
  const scanType = input('scan-type') || 'image';
  if (!scanTypes.includes(scanType))
    throw new PratiqueError('usage/invalid', {
      problem: `scan-type is ${JSON.stringify(scanType)}, but must be one of ${scanTypes.join(', ')}`,
    });
  const format = input('format') || 'table';
  const args = [scanType, '--cache-dir', paths.cacheDir, '--format', format];
  // Code scanning keeps its own view of severities, so a SARIF report holds all unless told otherwise.
  const all = format === 'sarif' && input('limit-severities-for-sarif') !== 'true';
  for (const [name, option] of Object.entries(plain)) {
    const value = input(name);
    if (value && !(name === 'severity' && all)) args.push(`${option}=${value}`);
  }
  for (const [name, option] of Object.entries(flags)) if (input(name)) args.push(`${option}=${input(name)}`);
  if (paths.ignoreFile) args.push(`--ignorefile=${paths.ignoreFile}`);
  if (paths.summary) args.push(`--output=markdown=${paths.summary}`);
  const target = input('image-ref') || (input('input') ? '' : input('scan-ref') || '.');
  return target ? [...args, '--', target] : args;
}

/** Ignore files of the input, split at commas and line breaks; spaces are part of a name. */
export function ignoreFiles(input: Input): readonly string[] {
  const files = input('trivyignores')
    .split(/[,\n]/)
    .map((file) => file.trim())
    .filter(Boolean);
  if (files.length > 1 && files.some((file) => /\.ya?ml$/.test(file)))
    throw new PratiqueError('usage/invalid', { problem: 'trivyignores takes several plain files, or one YAML file' });
  return files;
}
