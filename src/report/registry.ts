/** Every output format, alphabetical; loaded when used. */
import type { Format } from './format.js';

const loaders = {
  cyclonedx: async () => (await import('./cyclonedx.js')).cyclonedx,
  json: async () => (await import('./json.js')).json,
  table: async () => (await import('./table.js')).table,
} as const satisfies Record<string, () => Promise<Format>>;

export type FormatId = keyof typeof loaders;

export const formatIds = Object.keys(loaders) as readonly FormatId[];

/** Bills of materials: what they list does not depend on what was looked for. */
export const billFormats: ReadonlySet<string> = new Set<FormatId>(['cyclonedx']);

export function findFormat(id: FormatId): Promise<Format> {
  return loaders[id]();
}
