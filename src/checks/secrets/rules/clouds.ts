/**
 * Credentials of clouds and infrastructure services.
 * Sources  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html ·
 *          https://learn.microsoft.com/purview/sit-defn-all-creds · https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens ·
 *          https://planetscale.com/docs/concepts/service-tokens · https://docs.databricks.com/dev-tools/auth/pat.html
 */
import { rulesOf } from '../define-rules.js';
import { assigned, pattern, quotedToken, token } from '../shape.js';

const awsKeyKinds = ['AKIA', 'AGPA', 'AIDA', 'AROA', 'AIPA', 'ANPA', 'ANVA', 'ASIA'];

export const awsRules = rulesOf('AWS', [
  [
    'aws-access-key-id',
    'AWS Access Key ID',
    'CRITICAL',
    [
      token(awsKeyKinds, '[A-Z0-9]{16}', { after: 'alphanumeric', notBefore: '[0-9A-Za-z]' }),
      token('A3T', '[A-Z0-9]{17}', { after: 'alphanumeric', notBefore: '[0-9A-Za-z]' }),
    ],
  ],
  [
    'aws-secret-access-key',
    'AWS Secret Access Key',
    'CRITICAL',
    pattern({
      triggers: ['key'],
      source:
        String.raw`(?<=(?<lead>(?<![0-9a-z])["']?(?:aws[_-]?(?:sec(?:ret)?)?|sec(?:ret)?)[_-]?(?:access[_-]?)?))` +
        String.raw`key["']?\s{0,16}(?:=>|:=?|=)?\s{0,16}["']?(?<secret>[a-z0-9/+=]{40})(?![a-z0-9/+=])`,
      ignoreCase: true,
    }),
  ],
]);

/** 52 characters, a fixed mark, 18 more, the mark of the service, a checksum. */
const identifiableKey = (service: string) =>
  pattern({
    triggers: ['jqqj99'],
    source: String.raw`(?<=(?<lead>(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{52}))JQQJ99[A-Za-z0-9+/]{18}${service}[A-Za-z0-9+/]{4}(?![A-Za-z0-9+/])`,
  });

export const azureRules = rulesOf('Azure', [
  [
    'azure-storage-account-key',
    'Azure Storage Account Key',
    'CRITICAL',
    pattern({
      triggers: ['accountkey'],
      source: String.raw`AccountKey["']?\s{0,16}[=:]\s{0,16}["']?(?<secret>[a-z0-9+/]{86}==)`,
      ignoreCase: true,
    }),
  ],
  [
    'azure-sas-token',
    'Azure Shared Access Signature Token',
    'HIGH',
    pattern({
      triggers: ['sv='],
      source: String.raw`sv=\d{4}-\d{2}-\d{2}(?:&[a-z]{1,8}=[^&\s"'<>]{0,64}){0,24}?&sig=(?<secret>[a-z0-9%+/=_-]{43,96})`,
      ignoreCase: true,
      after: 2048,
    }),
  ],
  [
    'azure-entra-client-secret',
    'Azure Entra ID Client Secret',
    'CRITICAL',
    pattern({
      triggers: ['8q~'],
      source: String.raw`(?<=(?<lead>(?<![a-zA-Z0-9_~.-])[a-zA-Z0-9_~.]{3}))8Q~[a-zA-Z0-9_~.-]{31,34}(?![a-zA-Z0-9_~-])`,
    }),
  ],
  ['azure-container-registry-credential', 'Azure Container Registry Credential', 'CRITICAL', identifiableKey('AZCR')],
  ['azure-ai-services-key', 'Azure AI Services Key', 'HIGH', identifiableKey('ACOG')],
  [
    'azure-container-registry-password',
    'Azure Container Registry Password',
    'CRITICAL',
    pattern({
      triggers: ['azurecr.io'],
      source: String.raw`azurecr\.io[^\n]{0,100}?password["']?\s{0,16}[:=]\s{0,16}["']?(?<secret>[a-z0-9+/]{32})(?![a-z0-9+/])`,
      ignoreCase: true,
    }),
  ],
  [
    'azure-app-config-connection-string',
    'Azure App Configuration Connection String',
    'CRITICAL',
    pattern({
      triggers: ['endpoint'],
      source:
        String.raw`Endpoint\s{0,8}=\s{0,8}https://[a-z0-9.-]{1,64}\.azconfig\.io\s{0,8};\s{0,8}Id\s{0,8}=\s{0,8}[^\s;]{1,128}\s{0,8};` +
        String.raw`\s{0,8}Secret\s{0,8}=\s{0,8}(?<secret>[a-z0-9+/]{30,100}={0,2})`,
      ignoreCase: true,
    }),
  ],
  [
    'azure-devops-pat',
    'Azure DevOps Personal Access Token',
    'HIGH',
    pattern({
      triggers: ['azure_devops', 'azure-devops', 'azuredevops', 'ado_pat', 'ado_token', 'system_accesstoken', 'vsts_'],
      source: String.raw`[a-z0-9_-]{7,48}["']?\s{0,16}[:=]\s{0,16}["']?(?<secret>[a-z2-7]{52})(?![a-z0-9])`,
      ignoreCase: true,
    }),
  ],
]);

export const cloudRules = [
  ...rulesOf('Google', [
    [
      'gcp-service-account',
      'Google (GCP) Service-account',
      'CRITICAL',
      pattern({
        triggers: ['"type"'],
        source: String.raw`"type"\s{0,8}:\s{0,8}"service_account"`,
      }),
    ],
  ]),
  ...rulesOf('Alibaba', [
    [
      'alibaba-access-key-id',
      'Alibaba AccessKey ID',
      'HIGH',
      token('LTAI', '[a-z0-9]{20}', { after: 'alphanumeric', notBefore: '[0-9a-z]', ignoreCase: true }),
    ],
    ['alibaba-secret-key', 'Alibaba Secret Key', 'HIGH', assigned('alibaba', '[a-z0-9]{30}')],
  ]),
  ...rulesOf('Heroku', [
    [
      'heroku-api-key',
      'Heroku API Key',
      'HIGH',
      assigned('heroku', '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}'),
    ],
  ]),
  ...rulesOf('Dropbox', [
    ['dropbox-api-secret', 'Dropbox API secret/key', 'HIGH', assigned('dropbox', '[a-z0-9]{15}', true)],
    [
      'dropbox-short-lived-api-token',
      'Dropbox short lived API token',
      'HIGH',
      assigned('dropbox', String.raw`sl\.[a-z0-9=_-]{135}`, true),
    ],
    [
      'dropbox-long-lived-api-token',
      'Dropbox long lived API token',
      'HIGH',
      assigned('dropbox', '[a-z0-9]{11}A{10}[a-z0-9=_-]{43}', true),
    ],
  ]),
  ...rulesOf('Pulumi', [['pulumi-api-token', 'Pulumi API token', 'HIGH', token('pul-', '[a-f0-9]{40}')]]),
  ...rulesOf('Databricks', [['databricks-api-token', 'Databricks API token', 'MEDIUM', token('dapi', '[a-h0-9]{32}')]]),
  ...rulesOf('HashiCorp', [
    [
      'hashicorp-tf-api-token',
      'HashiCorp Terraform user/org API token',
      'MEDIUM',
      pattern({
        triggers: ['.atlasv1.'],
        source: String.raw`(?<=(?<lead>['"][a-z0-9]{14}))\.atlasv1\.[a-z0-9=_-]{60,70}['"]`,
        ignoreCase: true,
      }),
    ],
  ]),
  ...rulesOf('Planetscale', [
    [
      'planetscale-password',
      'PlanetScale password',
      'MEDIUM',
      token('pscale_pw_', '[a-z0-9._-]{43}', { ignoreCase: true }),
    ],
    [
      'planetscale-api-token',
      'PlanetScale API token',
      'MEDIUM',
      token('pscale_tkn_', '[a-z0-9._-]{43}', { ignoreCase: true }),
    ],
  ]),
  ...rulesOf('Doppler', [['doppler-api-token', 'Doppler API token', 'MEDIUM', quotedToken('dp.pt.', '[a-z0-9]{43}')]]),
  ...rulesOf('Mapbox', [
    [
      'mapbox-api-token',
      'Mapbox API token',
      'MEDIUM',
      token('pk.', String.raw`[a-z0-9]{60}\.[a-z0-9]{22}`, { ignoreCase: true, after: 'alphanumeric' }),
    ],
  ]),
  ...rulesOf('Ionic', [['ionic-api-token', 'Ionic API token', 'UNKNOWN', assigned('ionic', 'ion_[a-z0-9]{42}', true)]]),
  ...rulesOf('ContentfulDelivery', [
    [
      'contentful-delivery-api-token',
      'Contentful delivery API token',
      'LOW',
      assigned('contentful', '[a-z0-9=_-]{43}'),
    ],
  ]),
  ...rulesOf('Adobe', [
    ['adobe-client-id', 'Adobe Client ID (Oauth Web)', 'LOW', assigned('adobe', '[a-f0-9]{32}')],
    ['adobe-client-secret', 'Adobe Client Secret', 'LOW', token('p8e-', '[a-z0-9]{32}', { ignoreCase: true })],
  ]),
];
