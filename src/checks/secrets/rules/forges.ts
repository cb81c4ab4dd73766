/**
 * Credentials of source code hosting, project tracking and package registries.
 * Sources  https://github.blog/engineering/behind-githubs-new-authentication-token-formats/ ·
 *          https://docs.gitlab.com/security/tokens/ · https://docs.npmjs.com/about-access-tokens ·
 *          https://maven.apache.org/guides/mini/guide-encryption.html · https://kubernetes.io/docs/concepts/configuration/secret/
 */
import { rulesOf } from '../define-rules.js';
import { assigned, pattern, quotedToken, token } from '../shape.js';

export const forgeRules = [
  ...rulesOf('GitHub', [
    ['github-pat', 'GitHub Personal Access Token', 'CRITICAL', token('ghp_', '[0-9a-zA-Z]{36}', { after: 'word' })],
    ['github-oauth', 'GitHub OAuth Access Token', 'CRITICAL', token('gho_', '[0-9a-zA-Z]{36}', { after: 'word' })],
    [
      'github-app-token',
      'GitHub App Token',
      'CRITICAL',
      [
        token('ghu_', '[0-9a-zA-Z]{36}', { after: 'word' }),
        // Tokens of installations may carry their claims, as JSON web tokens do.
        token('ghs_', '[0-9a-zA-Z_.-]{36,1024}', { after: 'word' }, 1100),
      ],
    ],
    ['github-refresh-token', 'GitHub Refresh Token', 'CRITICAL', token('ghr_', '[0-9a-zA-Z]{76}', { after: 'word' })],
    [
      'github-fine-grained-pat',
      'GitHub Fine-grained personal access tokens',
      'CRITICAL',
      token('github_pat_', '[0-9a-zA-Z]{22}_[0-9a-zA-Z]{59}', { after: 'word' }),
    ],
  ]),
  ...rulesOf('GitLab', [
    ['gitlab-pat', 'GitLab Personal Access Token', 'CRITICAL', token('glpat-', '[0-9a-zA-Z_-]{20}', { after: 'word' })],
  ]),
  ...rulesOf('Atlassian', [
    ['atlassian-api-token', 'Atlassian API token', 'HIGH', assigned('atlassian', '[a-z0-9]{24}')],
  ]),
  ...rulesOf('Bitbucket', [
    ['bitbucket-client-id', 'Bitbucket client ID', 'HIGH', assigned('bitbucket', '[a-z0-9]{32}')],
    ['bitbucket-client-secret', 'Bitbucket client secret', 'HIGH', assigned('bitbucket', '[a-z0-9_-]{64}')],
  ]),
  ...rulesOf('Linear', [
    ['linear-api-token', 'Linear API token', 'MEDIUM', token('lin_api_', '[a-z0-9]{40}', { ignoreCase: true })],
    ['linear-client-secret', 'Linear client secret/ID', 'MEDIUM', assigned('linear', '[a-f0-9]{32}')],
  ]),
  ...rulesOf('Asana', [
    ['asana-client-id', 'Asana Client ID', 'MEDIUM', assigned('asana', '[0-9]{16}')],
    ['asana-client-secret', 'Asana Client Secret', 'MEDIUM', assigned('asana', '[a-z0-9]{32}')],
  ]),
];

/** Plain text only: `{…}` is encrypted and `${…}` a reference. */
const mavenElement = (name: string) =>
  pattern({
    triggers: [`${name}`],
    source: String.raw`(?<=(?<lead><\s{0,8}))${name}\s{0,8}>\s{0,64}(?<secret>[^<\s{$][^<{\n]{0,510}[^<\s{])\s{0,64}<\s{0,8}/\s{0,8}${name}\s{0,8}>`,
    ignoreCase: true,
    after: 800,
  });

const settings = /settings\.xml$/;

export const registryRules = [
  ...rulesOf('Npm', [['npm-access-token', 'npm access token', 'CRITICAL', quotedToken('npm_', '[a-z0-9]{36}')]]),
  ...rulesOf('PyPI', [
    [
      'pypi-upload-token',
      'PyPI upload token',
      'HIGH',
      token('pypi-AgEIcHlwaS5vcmc', '[A-Za-z0-9_-]{50,1000}', {}, 1100),
    ],
  ]),
  ...rulesOf('RubyGems', [['rubygems-api-token', 'Rubygem API token', 'MEDIUM', token('rubygems_', '[a-f0-9]{48}')]]),
  ...rulesOf('Clojars', [
    ['clojars-api-token', 'Clojars API token', 'MEDIUM', token('CLOJARS_', '[a-z0-9]{60}', { ignoreCase: true })],
  ]),
  ...rulesOf('Private Packagist', [
    [
      'private-packagist-token',
      'Private Packagist token',
      'HIGH',
      token('packagist_', '[ou][ru]t_[a-f0-9]{68}', { ignoreCase: true }),
    ],
  ]),
  ...rulesOf('Docker', [
    [
      'dockerconfig-secret',
      'Dockerconfig secret exposed',
      'HIGH',
      pattern({
        triggers: ['.dockerconfigjson', '.dockercfg'],
        source: String.raw`\.docker(?:configjson|cfg)["']?:\s{0,32}(?:[|>][+-]?\s{0,32})?["']?(?<secret>e[wy][A-Za-z0-9/+]{2,16000}={0,2})`,
        ignoreCase: true,
        after: 16_500,
      }),
    ],
  ]),
  ...rulesOf('Maven', [
    ['maven-settings-password', 'Maven settings.xml password', 'HIGH', mavenElement('password'), { path: settings }],
    [
      'maven-settings-passphrase',
      'Maven settings.xml passphrase',
      'HIGH',
      mavenElement('passphrase'),
      { path: settings },
    ],
    [
      'maven-settings-security-master',
      'Maven settings-security.xml master password',
      'HIGH',
      pattern({
        triggers: ['master'],
        source: String.raw`(?<=(?<lead><\s{0,8}))master\s{0,8}>\s{0,64}(?<secret>[^<\s][^<\n]{0,510}[^<\s])\s{0,64}<\s{0,8}/\s{0,8}master\s{0,8}>`,
        ignoreCase: true,
        after: 800,
      }),
      { path: /settings-security\.xml$/ },
    ],
  ]),
];
