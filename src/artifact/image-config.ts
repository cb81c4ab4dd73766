/**
 * The OCI image configuration: checked where the scan depends on it, kept verbatim otherwise.
 * Errors  `PratiqueError` `image/bad-config`.
 * Source  https://github.com/opencontainers/image-spec/blob/main/config.md
 */
import { limits, PratiqueError } from '#base';
import { isTable, listOf, textOf } from '#formats';
import type { ImageConfig } from '#model';
import { parseDigest } from '#oci';

export interface CheckedConfig {
  readonly config: ImageConfig;
  readonly diffIds: readonly string[];
  /** By layer, what made it; empty when unknown. */
  readonly createdBy: readonly (string | undefined)[];
}

/** `image` is for errors; `layers` is the number the manifest tells. */
export function parseImageConfig(bytes: Uint8Array, image: string, layers: number): CheckedConfig {
  const fail = (reason: string): PratiqueError => new PratiqueError('image/bad-config', { image, reason });
  if (bytes.length > limits.manifest) throw fail(`larger than ${limits.manifest} bytes`);
  let config: unknown;
  try {
    config = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new PratiqueError('image/bad-config', { image, reason: 'not JSON' }, error);
  }
  return checkImageConfig(config, image, layers);
}

export function checkImageConfig(config: unknown, image: string, layers: number): CheckedConfig {
  const fail = (reason: string): PratiqueError => new PratiqueError('image/bad-config', { image, reason });
  if (!isTable(config)) throw fail('not a JSON object');
  const diffIds = listOf(config, 'rootfs', 'diff_ids');
  if (diffIds.length !== layers) throw fail(`it names ${diffIds.length} layers, the image has ${layers}`);
  for (const id of diffIds) if (typeof id !== 'string' || !parseDigest(id)) throw fail('a layer id is not a digest');
  return { config, diffIds: diffIds as string[], createdBy: createdByOf(config, layers) };
}

/** Usable only where each history entry with content belongs to one layer. */
function createdByOf(config: unknown, layers: number): readonly (string | undefined)[] {
  const made = listOf(config, 'history').filter((entry) => isTable(entry) && entry['empty_layer'] !== true);
  if (made.length !== layers) return [];
  return made.map((entry) => instructionOf(textOf(entry, 'created_by') ?? ''));
}

function instructionOf(text: string): string | undefined {
  const instruction = withoutPrefix(withoutPrefix(text, '/bin/sh -c '), '#(nop) ');
  return instruction === '' ? undefined : instruction;
}

const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;
