/** The layers of the image: their place, and the command that made them, as the image configuration tells. */
import type { LayerRef, Report } from '#model';
import { oneLine } from '#base';

export interface PageLayer {
  /** 1-based; 0 where the image does not list it. */
  readonly place: number;
  readonly key: string;
  readonly command: string;
}

export type LayerLookup = (layer: LayerRef | undefined) => PageLayer | undefined;

export function layerLookup({ metadata }: Report): LayerLookup {
  const { diffIds = [], imageConfig } = metadata;
  const history = Array.isArray(imageConfig?.history) ? imageConfig.history : [];
  const commands = history.filter((entry) => entry?.empty_layer !== true).map((entry) => entry?.created_by);
  const known = new Map<string, PageLayer>(
    diffIds.map((key, i) => {
      // A history of another length tells nothing of a single layer.
      const command = commands.length === diffIds.length ? commands[i] : undefined;
      return [key, { place: i + 1, key, command: typeof command === 'string' ? command : '' }];
    }),
  );
  return (layer) => {
    const key = layer?.diffId ?? layer?.digest;
    if (!key) return undefined;
    return known.get(key) ?? { place: 0, key, command: '' };
  };
}

export const layerName = ({ place, key }: PageLayer): string => (place > 0 ? `layer ${place}` : shortDigest(key));

const shortDigest = (digest: string): string => oneLine(digest.replace(/^sha256:/, '').slice(0, 12));
