/**
 * Credentials of forges, registries and services in formats that the reference does not know, chosen as in
 * `further-clouds.ts`.
 * Sources  https://docs.gitlab.com/security/tokens/#token-prefixes · https://docs.docker.com/security/access-tokens/ ·
 *          https://docs.npmjs.com/cli/configuring-npm/npmrc · https://doc.rust-lang.org/cargo/reference/registry-web-api.html ·
 *          https://docs.sentry.io/account/auth-tokens/ · https://api.slack.com/authentication/token-types · https://docs.stripe.com/keys ·
 *          https://core.telegram.org/bots/features#authentication · https://the.earth.li/~sgtatham/putty/0.81/htmldoc/AppendixC.html
 */
import { rulesOf } from '../define-rules.js';
import { named, pattern, token, type TokenOptions } from '../shape.js';

const alone: TokenOptions = { after: 'word' };
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export const furtherForgeRules = [
  ...rulesOf('GitLab', [
    [
      'gitlab-token',
      'GitLab token',
      'CRITICAL',
      token(
        ['glrt-', 'gldt-', 'glptt-', 'glcbt-', 'glft-', 'glimt-', 'glsoat-', 'gloas-', 'glagent-', 'glffct-', 'glwt-'],
        '[0-9a-zA-Z_.-]{20,300}',
        alone,
      ),
    ],
    [
      'gitlab-runner-registration-token',
      'GitLab runner registration token',
      'HIGH',
      token('GR1348941', '[0-9a-zA-Z_-]{20}', alone),
    ],
  ]),
  ...rulesOf('Atlassian', [
    [
      'atlassian-cloud-api-token',
      'Atlassian API token (prefixed)',
      'CRITICAL',
      token('ATATT3', '[A-Za-z0-9_=-]{180,200}', alone),
    ],
    [
      'bitbucket-app-password',
      'Bitbucket app password',
      'HIGH',
      token('ATBB', '[A-Za-z0-9]{32}', { ...alone, notBefore: '[A-Za-z0-9]' }),
      { minEntropy: 3.3 },
    ],
  ]),
  ...rulesOf('Linear', [
    ['linear-oauth-token', 'Linear OAuth token', 'MEDIUM', token('lin_oauth_', '[a-f0-9]{64}', alone)],
  ]),
  ...rulesOf('CircleCI', [
    ['circleci-token', 'CircleCI token', 'HIGH', token(['CCIPAT_', 'CCIPRJ_'], '[A-Za-z0-9]{22}_[a-f0-9]{40}', alone)],
  ]),
  ...rulesOf('Buildkite', [['buildkite-token', 'Buildkite API token', 'HIGH', token('bkua_', '[a-z0-9]{40}', alone)]]),
  ...rulesOf('SonarQube', [
    ['sonarqube-token', 'SonarQube token', 'HIGH', token(['sqa_', 'sqp_', 'squ_'], '[a-f0-9]{40}', alone)],
  ]),
  ...rulesOf('Snyk', [
    ['snyk-token', 'Snyk API token', 'HIGH', named(['snyk_token', 'snyk_key', 'snyk_api', 'snyk-token'], uuid)],
  ]),
  ...rulesOf('Notion', [
    ['notion-token', 'Notion integration token', 'MEDIUM', token('ntn_', '[0-9]{11}[A-Za-z0-9]{35}', alone)],
  ]),
  ...rulesOf('Figma', [
    ['figma-token', 'Figma personal access token', 'MEDIUM', token('figd_', '[A-Za-z0-9_-]{40}', alone)],
  ]),
  ...rulesOf('Airtable', [
    [
      'airtable-token',
      'Airtable personal access token',
      'MEDIUM',
      token('pat', String.raw`[A-Za-z0-9]{14}\.[a-f0-9]{64}`, alone),
    ],
  ]),
];

export const furtherRegistryRules = [
  ...rulesOf('Npm', [
    [
      'npm-token',
      'npm access token (unquoted)',
      'CRITICAL',
      token('npm_', '[A-Za-z0-9]{36}', { after: 'none', notBefore: '[A-Za-z0-9"\']' }),
    ],
    [
      'npm-auth-token',
      'npm registry password or token',
      'HIGH',
      pattern({
        triggers: ['_authtoken', '_password', '_auth'],
        source: `_(?:authToken|password|auth)\\s{0,8}=\\s{0,8}["']?(?<secret>(?!npm_)[A-Za-z0-9_+/-][A-Za-z0-9_+/.=-]{15,1000})`,
        after: 1100,
      }),
      { path: /(?:^|\/)\.?(?:npmrc|yarnrc)$/, minEntropy: 2.5 },
    ],
  ]),
  ...rulesOf('PyPI', [
    [
      'pypi-test-token',
      'TestPyPI upload token',
      'MEDIUM',
      token('pypi-AgENdGVzdC5weXBpLm9yZ', '[A-Za-z0-9_-]{50,1000}', {}, 1100),
    ],
  ]),
  ...rulesOf('Rust', [
    [
      'crates-io-token',
      'crates.io API token',
      'CRITICAL',
      token('cio', '[a-zA-Z0-9]{32}', { after: 'word', notBefore: '[A-Za-z0-9_]' }),
      { minEntropy: 3.5 },
    ],
  ]),
  ...rulesOf('NuGet', [
    [
      'nuget-api-key',
      'NuGet API key',
      'CRITICAL',
      token('oy2', '[a-z0-9]{43}', { after: 'word', notBefore: '[A-Za-z0-9_]' }),
      { minEntropy: 3.3 },
    ],
  ]),
  ...rulesOf('Docker', [
    [
      'docker-hub-token',
      'Docker Hub access token',
      'CRITICAL',
      token(['dckr_pat_', 'dckr_oat_'], '[A-Za-z0-9_-]{27,32}', alone),
    ],
    [
      'docker-registry-auth',
      'Registry credentials in a Docker configuration',
      'HIGH',
      pattern({
        triggers: ['"auth"'],
        source: String.raw`"auth"\s{0,8}:\s{0,8}"(?<secret>[A-Za-z0-9+/]{12,4000}={0,2})"`,
        after: 4100,
      }),
      { path: /(?:^|\/)(?:\.docker\/config\.json|\.?dockerconfigjson|containers\/auth\.json)$/ },
    ],
  ]),
  ...rulesOf('JFrog', [
    [
      'jfrog-api-key',
      'JFrog API key or reference token',
      'HIGH',
      [token('AKCp', '[A-Za-z0-9]{69}', alone), token('cmVmdGtu', '[A-Za-z0-9]{56}', alone)],
    ],
  ]),
];

export const furtherServiceRules = [
  ...rulesOf('Slack', [
    [
      'slack-app-token',
      'Slack app-level token',
      'HIGH',
      token('xapp-', '[0-9]-[A-Z0-9]{6,20}-[0-9]{6,20}-[a-z0-9]{40,80}', alone),
    ],
    [
      'slack-configuration-token',
      'Slack configuration token',
      'HIGH',
      token(['xoxe-', 'xoxe.xoxb-', 'xoxe.xoxp-'], '[0-9]-[A-Za-z0-9]{100,200}', alone),
    ],
  ]),
  ...rulesOf('Telegram', [
    [
      'telegram-bot-token',
      'Telegram bot token',
      'HIGH',
      pattern({
        triggers: [':aa'],
        source: String.raw`(?<=(?<lead>(?<![0-9A-Za-z])[0-9]{8,10})):AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])`,
      }),
      { minEntropy: 3.3 },
    ],
  ]),
  ...rulesOf('Discord', [
    [
      'discord-webhook',
      'Discord webhook',
      'MEDIUM',
      token(['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'], '[0-9]{17,20}/[A-Za-z0-9_-]{60,80}'),
    ],
  ]),
  ...rulesOf('Microsoft', [
    [
      'microsoft-teams-webhook',
      'Microsoft Teams webhook',
      'MEDIUM',
      token('webhook.office.com/webhookb2/', `${uuid}@${uuid}/IncomingWebhook/[a-f0-9]{32}/${uuid}`, {
        ignoreCase: true,
      }),
    ],
  ]),
  ...rulesOf('Stripe', [
    [
      'stripe-restricted-key',
      'Stripe restricted key',
      'CRITICAL',
      token(['rk_test_', 'rk_live_'], '[0-9a-zA-Z]{10,247}', alone),
    ],
    [
      'stripe-webhook-secret',
      'Stripe webhook signing secret',
      'HIGH',
      token('whsec_', '[A-Za-z0-9+/]{32,64}={0,2}', alone),
      { minEntropy: 3.3 },
    ],
  ]),
  ...rulesOf('Square', [
    [
      'square-token',
      'Square access token or secret',
      'HIGH',
      [token('sq0atp-', '[0-9A-Za-z_-]{22}', alone), token('sq0csp-', '[0-9A-Za-z_-]{43}', alone)],
    ],
  ]),
  ...rulesOf('Braintree', [
    [
      'braintree-access-token',
      'Braintree access token',
      'HIGH',
      token(['access_token$production$', 'access_token$sandbox$'], '[0-9a-z]{16}\\$[0-9a-f]{32}'),
    ],
  ]),
  ...rulesOf('Razorpay', [
    ['razorpay-key', 'Razorpay key id', 'LOW', token(['rzp_live_', 'rzp_test_'], '[A-Za-z0-9]{14}', alone)],
  ]),
  ...rulesOf('Plaid', [
    [
      'plaid-access-token',
      'Plaid access token',
      'HIGH',
      token(['access-sandbox-', 'access-development-', 'access-production-'], uuid, alone),
    ],
  ]),
  ...rulesOf('Datadog', [
    [
      'datadog-key',
      'Datadog API or application key',
      'HIGH',
      named(['datadog_api_key', 'datadog_app_key', 'dd_api_key', 'dd_app_key'], '[a-f0-9]{40}|[a-f0-9]{32}'),
      { minEntropy: 3 },
    ],
  ]),
  ...rulesOf('Grafana', [
    [
      'grafana-service-account-token',
      'Grafana service account token',
      'HIGH',
      token('glsa_', '[A-Za-z0-9]{32}_[a-fA-F0-9]{8}', alone),
    ],
    ['grafana-cloud-token', 'Grafana Cloud token', 'HIGH', token('glc_eyJ', '[A-Za-z0-9+/]{40,500}={0,2}', alone)],
  ]),
  ...rulesOf('Sentry', [
    [
      'sentry-token',
      'Sentry auth token',
      'HIGH',
      [token('sntrys_eyJ', '[A-Za-z0-9+/=_]{80,500}', alone), token('sntryu_', '[a-f0-9]{64}', alone)],
    ],
  ]),
  ...rulesOf('NewRelic', [
    [
      'new-relic-license-key',
      'New Relic license key',
      'MEDIUM',
      pattern({ triggers: ['nral'], source: '(?<=(?<lead>(?<![A-Za-z0-9])[a-f0-9]{36}))NRAL(?![A-Za-z0-9])' }),
    ],
  ]),
  ...rulesOf('Postman', [
    ['postman-collection-token', 'Postman collection access token', 'LOW', token('PMAT-', '[A-Z0-9]{26}', alone)],
  ]),
  ...rulesOf('AsymmetricPrivateKey', [
    [
      'putty-private-key',
      'PuTTY private key',
      'HIGH',
      pattern({
        triggers: ['putty-user-key-file-'],
        source:
          String.raw`PuTTY-User-Key-File-[23]: [^\n]{1,40}\n(?:[A-Z][A-Za-z0-9-]{1,24}: [^\n]{0,200}\n){1,3}` +
          String.raw`(?:[A-Za-z0-9+/=]{1,80}\r?\n){1,300}(?:[A-Z][A-Za-z0-9-]{1,24}: [^\n]{0,200}\n){1,8}` +
          String.raw`(?<secret>(?:[A-Za-z0-9+/=]{1,80}\r?\n){1,300})Private-`,
        after: 60_000,
      }),
    ],
  ]),
];
