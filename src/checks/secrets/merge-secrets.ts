/**
 * The secrets of all layers, lowest first. A file that a later layer removes keeps its secrets: they can still be read
 * from the image. In one file, what a rule finds in a later layer replaces what it found before.
 */
import { compact } from '#base';
import type { LayerRecord, Secret, SecretFile } from '#model';

/** Sorted by path. */
export function mergeSecrets(layers: readonly LayerRecord[]): SecretFile[] {
  const files = new Map<string, readonly Secret[]>();
  for (const layer of layers) {
    const origin = compact({ digest: layer.digest, diffId: layer.diffId, createdBy: layer.createdBy });
    const known = Object.keys(origin).length > 0;
    for (const { path, secrets } of layer.secretFiles ?? []) {
      const rules = new Set(secrets.map((secret) => secret.ruleId));
      const kept = (files.get(path) ?? []).filter((secret) => !rules.has(secret.ruleId));
      files.set(path, [...kept, ...secrets.map((secret) => (known ? { ...secret, layer: origin } : secret))]);
    }
  }
  return [...files]
    .map(([path, secrets]) => ({ path, secrets: [...secrets].sort(byRule) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const byRule = (a: Secret, b: Secret): number =>
  a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : (a.offset ?? 0) - (b.offset ?? 0);
