/**
 * `sonarqube`: generic issues with their rules, for `sonar.externalIssuesReportPaths` of SonarQube 10.3 and later.
 * A finding without a file of its own is at its target, which must be a file of the project to be imported.
 * Source  https://docs.sonarsource.com/sonarqube-server/latest/analyzing-source-code/importing-external-issues/generic-issue-import-format/
 */
import { oneLine } from '#base';
import type { Report, Severity } from '#model';
import { type FlatFinding, flatFindings } from './flat-finding.js';
import { defineFormat } from './format.js';
import { jsonText } from './json-text.js';
import { plainText } from './markup-text.js';
import { programName } from './program-name.js';

export const sonarqube = defineFormat({
  id: 'sonarqube',
  title: 'generic issues of SonarQube',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report) {
    yield* jsonText(
      new Map([
        ['rules', rules(report)],
        ['issues', issues(report)],
      ]),
    );
    yield '\n';
  },
});

const impacts: Readonly<Record<Severity, string>> = {
  UNKNOWN: 'LOW',
  LOW: 'LOW',
  MEDIUM: 'MEDIUM',
  HIGH: 'HIGH',
  CRITICAL: 'HIGH',
};
const grades: Readonly<Record<Severity, string>> = {
  UNKNOWN: 'INFO',
  LOW: 'MINOR',
  MEDIUM: 'MAJOR',
  HIGH: 'CRITICAL',
  CRITICAL: 'BLOCKER',
};

/** A severity is of the rule: findings of one id and several severities have a rule for each. */
const ruleId = ({ id, severity }: FlatFinding): string => oneLine(`${id}-${severity.toLowerCase()}`);

function* rules(report: Report): Generator<unknown> {
  const seen = new Set<string>();
  for (const found of flatFindings(report)) {
    const id = ruleId(found);
    if (seen.has(id)) continue;
    seen.add(id);
    const { kind, severity, title, description } = found;
    yield {
      id,
      name: oneLine(title) || id,
      description: plainText(description || title),
      engineId: programName,
      cleanCodeAttribute: kind === 'license' ? 'LAWFUL' : 'TRUSTWORTHY',
      type: 'VULNERABILITY',
      severity: grades[severity],
      impacts: [{ softwareQuality: 'SECURITY', severity: impacts[severity] }],
    };
  }
}

function* issues(report: Report): Generator<unknown> {
  for (const found of flatFindings(report)) {
    const { path, target, line = 1 } = found;
    yield {
      ruleId: ruleId(found),
      primaryLocation: {
        message: message(found),
        filePath: oneLine(path || target).replace(/^(?:\.?\/)+/, '') || '-',
        textRange: { startLine: Math.max(1, line) },
      },
    };
  }
}

function message({ kind, id, subject, installed, fixed, title }: FlatFinding): string {
  if (kind !== 'vulnerability') return oneLine(`${title} (${id}): ${subject}`);
  return oneLine(`${id} in ${subject} ${installed}${fixed ? `, fixed in ${fixed}` : ''}: ${title}`);
}
