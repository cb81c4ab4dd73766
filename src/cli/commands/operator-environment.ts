/**
 * Variables that configure the reference's operator, for manifests written for it. What is set in our own ways goes first.
 * Source  https://aquasecurity.github.io/trivy-operator/latest/getting-started/installation/configuration/
 */
import type { Environment } from '#platform';
import { optionTable, type OptionName } from '../option-table.js';
import { type OptionValue, toValue } from '../option-value.js';

const variables = {
  OPERATOR_TARGET_NAMESPACES: 'include-namespaces',
  OPERATOR_EXCLUDE_NAMESPACES: 'exclude-namespaces',
  OPERATOR_CONCURRENT_SCAN_JOBS_LIMIT: 'scan-workers',
  OPERATOR_SCAN_JOB_TIMEOUT: 'scan-timeout',
  OPERATOR_SCANNER_REPORT_TTL: 'report-ttl',
  OPERATOR_LEADER_ELECTION_ENABLED: 'leader-elect',
  OPERATOR_METRICS_BIND_ADDRESS: 'listen',
} as const satisfies Record<string, OptionName>;

/** The kinds of reports have a switch each. */
const switches: Readonly<Record<string, readonly string[]>> = {
  OPERATOR_VULNERABILITY_SCANNER_ENABLED: ['vulnerability', 'cluster-vulnerability'],
  OPERATOR_EXPOSED_SECRET_SCANNER_ENABLED: ['exposed-secret'],
  OPERATOR_SBOM_GENERATION_ENABLED: ['sbom', 'cluster-sbom'],
};

/** Changed values by option; throws `usage/invalid` for one that cannot be read. */
export function operatorEnvironment(
  env: Environment,
  explicit: ReadonlySet<OptionName>,
  kinds: readonly string[],
): Readonly<Record<string, OptionValue>> {
  const changed: Record<string, OptionValue> = {};
  for (const [variable, name] of Object.entries(variables)) {
    const text = env[variable];
    if (text && !explicit.has(name)) changed[name] = toValue(optionTable[name], [text], variable);
  }
  if (explicit.has('report-kinds')) return changed;
  const off = Object.entries(switches).flatMap(([variable, named]) => {
    const text = env[variable];
    const isOn = !text || toValue({ type: 'flag', group: 'Operator', about: '', default: true }, [text], variable);
    return isOn ? [] : named;
  });
  if (off.length > 0) changed['report-kinds'] = kinds.filter((kind) => !off.includes(kind));
  return changed;
}
