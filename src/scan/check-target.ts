/** Callers of the library may not be typed: what to scan is checked before anything is opened or downloaded. */
import { PratiqueError } from '#base';
import type { ScanTarget } from './options.js';

const kinds: readonly string[] = ['image', 'rootfs', 'filesystem', 'repository', 'sbom'] satisfies ScanTarget['kind'][];

export function checkTarget(target: ScanTarget): void {
  const fail = (problem: string): never => {
    throw new PratiqueError('usage/invalid', { problem });
  };
  if (!kinds.includes(target.kind)) fail(`the kind of a target is one of ${kinds.join(', ')}`);
  if (target.kind === 'image') {
    if (!target.name && !target.input) fail('an image needs a name or an input');
  } else if (!target.path) fail(`a target of the kind ${target.kind} needs a path`);
}
