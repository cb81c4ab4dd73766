/** What a scan looks for: as the user says; nothing, when only a bill of materials is asked for and nobody says. */
import { billFormats } from '#report';
import type { Scanner } from '#scan';
import type { ScanCommandOptions } from './commands/scan-options.js';
import type { OptionName } from './option-table.js';

export function effectiveScanners(options: ScanCommandOptions, explicit: ReadonlySet<OptionName>): readonly Scanner[] {
  if (billFormats.has(options.format) && !explicit.has('scanners')) return [];
  return options.scanners as readonly Scanner[];
}

/** Whether any output is a bill of materials. */
export function wantsBill(options: ScanCommandOptions): boolean {
  const formats = [options.format, ...options.output.map((text) => text.slice(0, text.indexOf('=')))];
  return formats.some((format) => billFormats.has(format));
}
