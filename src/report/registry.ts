/** Every output format, alphabetical; loaded when used. */
import type { Format } from './format.js';

const loaders = {
  asff: async () => (await import('./asff.js')).asff,
  'cosign-vuln': async () => (await import('./cosign-vuln.js')).cosignVuln,
  csv: async () => (await import('./csv.js')).csv,
  cyclonedx: async () => (await import('./cyclonedx.js')).cyclonedx,
  'cyclonedx-vex': async () => (await import('./vex/cyclonedx-vex.js')).cyclonedxVex,
  github: async () => (await import('./github.js')).github,
  gitlab: async () => (await import('./gitlab/security-report.js')).gitlab,
  'gitlab-codequality': async () => (await import('./gitlab/code-quality.js')).gitlabCodeQuality,
  'gitlab-dependency-scanning': async () => (await import('./gitlab/security-report.js')).gitlabDependencyScanning,
  html: async () => (await import('./html/html.js')).html,
  json: async () => (await import('./json.js')).json,
  junit: async () => (await import('./junit.js')).junit,
  markdown: async () => (await import('./markdown.js')).markdown,
  openvex: async () => (await import('./vex/openvex.js')).openvex,
  sarif: async () => (await import('./sarif.js')).sarif,
  sonarqube: async () => (await import('./sonarqube.js')).sonarqube,
  spdx: async () => (await import('./spdx.js')).spdx,
  'spdx-json': async () => (await import('./spdx-json.js')).spdxJson,
  table: async () => (await import('./table.js')).table,
  template: async () => (await import('./template/template.js')).template,
} as const satisfies Record<string, () => Promise<Format>>;

export type FormatId = keyof typeof loaders;

export const formatIds = Object.keys(loaders) as readonly FormatId[];

/** Bills of materials: what they list does not depend on what was looked for. */
export const billFormats: ReadonlySet<string> = new Set<FormatId>(['cyclonedx', 'spdx', 'spdx-json']);

export function findFormat(id: FormatId): Promise<Format> {
  return loaders[id]();
}
