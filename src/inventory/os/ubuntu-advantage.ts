/**
 * Whether Ubuntu Pro's extended security maintenance is on: its infra service, the one that covers the main archive.
 * Errors  `FormatError` when the file is no JSON object.
 * Source  https://documentation.ubuntu.com/pro-client/en/latest/explanations/status_columns/
 */
import { FormatError } from '#base';
import { defineExtractor } from '../extractor.js';

export const ubuntuAdvantage = defineExtractor({
  id: 'os/ubuntu-advantage',
  type: 'os',
  name: 'ubuntu-esm',
  runsOn: 'everywhere',
  revision: 1,
  files: ['var/lib/ubuntu-advantage/status.json'],
  extract(file) {
    const services = servicesOf(file.text());
    const enabled = services.some(
      (service) => isObject(service) && service['name'] === 'esm-infra' && service['status'] === 'enabled',
    );
    return enabled ? { os: { family: 'ubuntu', name: '', extended: true } } : undefined;
  },
});

function servicesOf(text: string): readonly unknown[] {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch (cause) {
    throw new FormatError('not JSON', { cause });
  }
  if (!isObject(status)) throw new FormatError('not a JSON object');
  const services = status['services'];
  return Array.isArray(services) ? services : [];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
