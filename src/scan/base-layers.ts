/**
 * Which layers of an image are those of the image it was built on, as far as its history tells: the last `CMD` before
 * the final build steps ended the base. Their secrets are the business of who maintains the base.
 */
import type { ImageHistory } from '#model';

/** How many of the lowest layers are the base's; none when history and layers do not fit. */
export function baseLayerCount(history: readonly ImageHistory[], layers: number): number {
  const filled = history.filter((step) => !step.empty_layer).length;
  if (filled !== layers) return 0;
  let last = history.length - 1;
  while (last >= 0 && history[last]!.empty_layer) last--;
  const end = history.findLastIndex((step, i) => i < last && step.empty_layer === true && isCommand(step));
  return history.slice(0, end + 1).filter((step) => !step.empty_layer).length;
}

const isCommand = ({ created_by = '' }: ImageHistory): boolean =>
  created_by.startsWith('/bin/sh -c #(nop)  CMD') || created_by.startsWith('CMD');
