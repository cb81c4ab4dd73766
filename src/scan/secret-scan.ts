/**
 * Secrets as part of a scan: configuration, what reads the trees, and results.
 * The rules are loaded only when secrets are looked for.
 */
import { isAbsolute, join } from 'node:path';
import type { SecretVisitor } from '#checks';
import type { Image, LayerRecord, Result } from '#model';
import { readIfPresent, type World } from '#platform';
import { configText } from './config-text.js';
import type { ScanOptions } from './options.js';

export interface SecretScan {
  /** Part of the keys of cached layers. */
  readonly signature: string;
  /** A scanner of one tree. */
  visitor(): SecretVisitor;
  /** One result a file, by path. */
  results(layers: readonly LayerRecord[]): readonly Result[];
  /** The secrets of an image's configuration, under the name of the image. */
  configResult(image: Pick<Image, 'name' | 'config'>): readonly Result[];
}

const defaultConfig = 'trivy-secret.yaml';

/** Bytes. */
const maxConfig = 8 * 1024 * 1024;

/** `rooted`: paths are those of a root file system and begin with a slash. */
export async function openSecretScan(options: ScanOptions, rooted: boolean, world: World): Promise<SecretScan> {
  const { createRuleSet, createSecretVisitor, defaultSecretConfig, mergeSecrets, parseSecretConfig, scanText } =
    await import('#checks');
  const path = options.secretConfig ?? defaultConfig;
  const bytes = path && (await readIfPresent(isAbsolute(path) ? path : join(world.cwd, path), maxConfig));
  const config = bytes ? await parseSecretConfig(new TextDecoder().decode(bytes), path) : defaultSecretConfig;
  // As for the reference, a file that is not there is no mistake; the user may still want to know.
  if (!bytes && path !== defaultConfig && path !== '')
    world.log.warn(`${path}: no such file; the built-in configuration of the secret scanner is used`);
  const rules = createRuleSet(config);
  return {
    signature: rules.signature,
    visitor: () => createSecretVisitor({ rules, rooted, signal: world.signal }),
    results: (layers) =>
      mergeSecrets(layers).map((file) => resultOf(rooted ? `/${file.path}` : file.path, file.secrets)),
    configResult(image) {
      const secrets = scanText(configText(image.config), 'config.json', rules);
      return secrets.length > 0 ? [resultOf(image.name, secrets)] : [];
    },
  };
}

const resultOf = (target: string, secrets: Result['secrets'] & object): Result => ({
  target,
  class: 'secret',
  vulnerabilities: [],
  secrets,
});
