/**
 * `gitlab-codequality`: a Code Quality report, shown in merge requests. Fingerprints are those that the reference's
 * template makes, so a first run beside an old report shows no changes; equal ones, of which GitLab would keep one,
 * are numbered.
 * Source  https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
import { createHash } from 'node:crypto';
import { oneLine } from '#base';
import type { Severity } from '#model';
import { flatFindings, type FlatFinding } from '../flat-finding.js';
import { defineFormat } from '../format.js';
import { jsonText } from '../json-text.js';

export const gitlabCodeQuality = defineFormat({
  id: 'gitlab-codequality',
  title: 'Code Quality report of GitLab',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report) {
    yield* jsonText(issues(flatFindings(report)));
    yield '\n';
  },
});

const grades: Readonly<Record<Severity, string>> = {
  UNKNOWN: 'info',
  LOW: 'info',
  MEDIUM: 'minor',
  HIGH: 'major',
  CRITICAL: 'critical',
};

function* issues(findings: Iterable<FlatFinding>): Generator<unknown> {
  const seen = new Map<string, number>();
  for (const found of findings) {
    const key = found.id + found.subject + found.installed + found.target;
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    const hash = createHash('sha1').update(times > 0 ? `${key}\n${times}` : key);
    yield {
      type: 'issue',
      check_name: 'container_scanning',
      categories: ['Security'],
      description: describe(found),
      fingerprint: hash.digest('hex'),
      content: { body: oneLine(found.description) },
      severity: grades[found.severity],
      location: { path: relativePath(found.path || found.target), lines: { begin: found.line ?? 1 } },
    };
  }
}

function describe({ id, subject, installed, fixed, title, kind }: FlatFinding): string {
  if (kind !== 'vulnerability') return oneLine(`${id} - ${subject} - ${title}`);
  return oneLine(`${id} - ${subject} - ${installed} - ${title}${fixed ? ` (fixed in ${fixed})` : ''}`);
}

const relativePath = (path: string): string => oneLine(path).replace(/^(?:\.?\/)+/, '') || '-';
