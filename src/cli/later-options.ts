/**
 * What the reference takes and this program does not: refused with a clear sentence, rather than as a misspelling.
 * An entry that joins the options table counts no more.
 * Source  https://trivy.dev/latest/docs/references/configuration/cli/trivy/
 */
import { optionTable } from './option-table.js';

/** Option and configuration key; without a dot of its own, the key is the option's name under the group's prefix. */
const reference: Readonly<Record<string, readonly string[]>> = {
  'cache.': [
    'cache-ttl=ttl',
    'redis-tls=redis.tls',
    'redis-ca=redis.ca',
    'redis-cert=redis.cert',
    'redis-key=redis.key',
  ],
  'image.': ['image-config-scanners', 'removed-pkgs'],
  'license.': ['license-full=full', 'ignored-licenses=ignored', 'license-confidence-level=confidencelevel'],
  'misconfiguration.': [
    'include-non-failures',
    'checks-bundle-repository',
    'helm-values=helm.values',
    'helm-set=helm.set',
    'helm-set-file=helm.set-file',
    'helm-set-string=helm.set-string',
    'helm-api-versions=helm.api-versions',
    'helm-kube-version=helm.kube-version',
    'tf-vars=terraform.vars',
    'tf-exclude-downloaded-modules=terraform.exclude-downloaded-modules',
    'cf-params=cloudformation.params',
    'misconfig-scanners=scanners',
    'config-file-schemas',
    'render-cause',
    'raw-config-scanners',
  ],
  'ansible.': ['ansible-playbook=playbooks', 'ansible-inventory=inventories', 'ansible-extra-vars=extra-vars'],
  'module.': ['module-dir=dir', 'enable-modules'],
  'server.': ['server=addr', 'token', 'token-header', 'custom-headers', 'listen', 'path-prefix'],
  'rego.': [
    'config-check=check',
    'config-data=data',
    'check-namespaces=namespaces',
    'skip-check-update',
    'include-deprecated-checks',
    'trace-rego=trace',
    'rego-error-limit=error-limit',
  ],
  '': ['template', 'output-plugin-arg', 'report', 'ignorefile', 'ignore-policy'],
  'scan.': ['compliance', 'show-suppressed', 'sbom-sources', 'rekor-url'],
  'secret.': ['secret-config=config'],
  'vulnerability.': ['vex', 'skip-vex-repo-update'],
  'kubernetes.': [
    'kubeconfig',
    'k8s-version=k8s.version',
    'tolerations',
    'disable-node-collector',
    'node-collector-namespace',
    'node-collector-imageref',
    'exclude-owned',
    'exclude-nodes',
    'include-kinds',
    'exclude-kinds',
    'include-namespaces',
    'exclude-namespaces',
    'skip-images',
    'qps',
    'burst',
  ],
  'aws.': ['aws-region=region'],
  'trace.': ['trace-http=http'],
};

/** Former options of the reference, and what takes their place. */
const former: Readonly<Record<string, string>> = {
  'clear-cache': 'use the command clean --scan-cache',
  reset: 'use the command clean --all',
  'reset-checks-bundle': 'use the command clean --checks-bundle',
  light: 'descriptions are always there',
  slow: 'use --parallel 1',
  policy: 'use --config-check',
  'config-policy': 'use --config-check',
  data: 'use --config-data',
  namespaces: 'use --check-namespaces',
  'policy-namespaces': 'use --check-namespaces',
  'skip-policy-update': 'use --skip-check-update',
  'policy-bundle-repository': 'use --checks-bundle-repository',
  trace: 'use --trace-rego',
};

/** Commands; those that are there count no more. */
export const laterCommands: readonly string[] = [
  'config',
  'conf',
  'kubernetes',
  'k8s',
  'vm',
  'server',
  'client',
  'plugin',
  'module',
  'registry',
];

const entries = Object.entries(reference).flatMap(([prefix, list]) =>
  list.map((text) => {
    const [option = '', key = option] = text.split('=');
    return { option, key: prefix + key };
  }),
);
const later = entries.filter(({ option }) => !(option in optionTable));

export const laterOptions: readonly string[] = later.map(({ option }) => option);

/** Lower-case keys; those with keys below them stand for all of these. */
export const laterKeys: readonly string[] = [...later.map(({ key }) => key), 'scan.maven.mirrors'];

/** The sentence for an option that the reference has and this program has not; `undefined` for any other. */
export function laterOption(name: string): string | undefined {
  if (laterOptions.includes(name)) return `--${name} is not available yet`;
  const instead = Object.hasOwn(former, name) ? former[name] : undefined;
  return instead === undefined ? undefined : `--${name} is no more: ${instead}`;
}
