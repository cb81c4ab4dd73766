/** Small reports of images, for tests. */
import type { Package, Report, Result, Severity, Vulnerability } from '#model';

export const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;

export const vulnerability = (severity: Severity, more: Partial<Vulnerability> = {}): Vulnerability => ({
  kind: 'vulnerability',
  id: `CVE-2026-${severity}`,
  package: { name: 'openssl', version: '3.0.0' },
  installedVersion: '3.0.0',
  status: 'affected',
  severity,
  ...more,
});

export const result = (vulnerabilities: readonly Vulnerability[], more: Partial<Result> = {}): Result => ({
  target: 'app (debian 12)',
  class: 'os-pkgs',
  type: 'debian',
  vulnerabilities,
  ...more,
});

export const imageReport = (name: string, results: readonly Result[], metadata: Report['metadata'] = {}): Report => ({
  artifactName: name,
  artifactType: 'container_image',
  createdAt: '2026-01-02T03:04:05Z',
  reportId: '',
  metadata,
  results,
  diagnostics: [],
});

export const packageWith = (name: string, more: Partial<Package> = {}): Package => ({ name, version: '1.0', ...more });
