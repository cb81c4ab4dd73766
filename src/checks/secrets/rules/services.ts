/**
 * Credentials of model providers, payment, monitoring and publishing services.
 * Sources  https://platform.openai.com/docs/api-reference/authentication · https://huggingface.co/docs/hub/security-tokens ·
 *          https://docs.stripe.com/keys · https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens ·
 *          https://grafana.com/docs/grafana/latest/administration/service-accounts/ · https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
 */
import { rulesOf } from '../define-rules.js';
import { assigned, pattern, quotedToken, token } from '../shape.js';

const openAiBody = '[A-Za-z0-9_-]{20,200}T3BlbkFJ[A-Za-z0-9_-]{20,200}';

export const modelRules = [
  ...rulesOf('OpenAI', [
    [
      'openai-legacy-api-key',
      'OpenAI Legacy User API Key',
      'HIGH',
      pattern({
        triggers: ['t3blbkfj'],
        source: String.raw`(?<=(?<lead>(?<![A-Za-z0-9_-])sk-(?:None-)?[A-Za-z0-9]{20,100}))T3BlbkFJ[A-Za-z0-9]{20,100}`,
        before: 128,
      }),
    ],
    ['openai-project-api-key', 'OpenAI Project API Key', 'CRITICAL', token('sk-proj-', openAiBody)],
    ['openai-service-account-key', 'OpenAI Service Account Key', 'CRITICAL', token('sk-svcacct-', openAiBody)],
    ['openai-service-api-key', 'OpenAI Service API Key', 'HIGH', token('sk-service-', openAiBody)],
    ['openai-admin-api-key', 'OpenAI Admin API Key', 'CRITICAL', token('sk-admin-', openAiBody)],
    [
      'openai-realtime-client-secret',
      'OpenAI Realtime Client Secret',
      'MEDIUM',
      token('ek_', '[a-f0-9]{32}', { after: 'alphanumeric' }),
    ],
  ]),
  ...rulesOf('HuggingFace', [
    [
      'hugging-face-access-token',
      'Hugging Face Access Token',
      'CRITICAL',
      token('hf_', '[A-Za-z0-9]{34,40}', { after: 'alphanumeric' }),
    ],
  ]),
];

const shopify = ['shpss_', 'shpat_', 'shpca_', 'shppa_'];
const flutterwave = ['FLWPUBK_TEST', 'FLWSECK_TEST'];

export const paymentRules = [
  ...rulesOf('Stripe', [
    [
      'stripe-publishable-token',
      'Stripe Publishable Key',
      'LOW',
      token(['pk_test_', 'pk_live_'], '[0-9a-z]{10,247}', { ignoreCase: true, after: 'alphanumeric' }),
    ],
    [
      'stripe-secret-token',
      'Stripe Secret Key',
      'CRITICAL',
      token(['sk_test_', 'sk_live_'], '[0-9a-z]{10,247}', { ignoreCase: true, after: 'alphanumeric' }),
    ],
  ]),
  ...rulesOf('Shopify', [['shopify-token', 'Shopify token', 'HIGH', token(shopify, '[a-fA-F0-9]{32}')]]),
  ...rulesOf('Finicity', [
    ['finicity-client-secret', 'Finicity client secret', 'MEDIUM', assigned('finicity', '[a-z0-9]{20}')],
    ['finicity-api-token', 'Finicity API token', 'MEDIUM', assigned('finicity', '[a-f0-9]{32}')],
  ]),
  ...rulesOf('Flutterwave', [
    [
      'flutterwave-public-key',
      'Flutterwave public/secret key',
      'MEDIUM',
      token(flutterwave, '-[a-h0-9]{32}-X', { ignoreCase: true }),
    ],
    ['flutterwave-enc-key', 'Flutterwave encrypted key', 'MEDIUM', token('FLWSECK_TEST', '[a-h0-9]{12}')],
  ]),
  ...rulesOf('GoCardless', [
    ['gocardless-api-token', 'GoCardless API token', 'MEDIUM', quotedToken('live_', '[a-z0-9=_-]{40}')],
  ]),
  ...rulesOf('Duffel', [
    ['duffel-api-token', 'Duffel API token', 'LOW', quotedToken(['duffel_test_', 'duffel_live_'], '[a-z0-9_-]{43}')],
  ]),
  ...rulesOf('Easypost', [
    ['easypost-api-token', 'EasyPost API token', 'LOW', quotedToken(['EZAK', 'EZTK'], '[a-z0-9]{54}')],
  ]),
  ...rulesOf('Shippo', [
    ['shippo-api-token', 'Shippo API token', 'LOW', token(['shippo_live_', 'shippo_test_'], '[a-f0-9]{40}')],
  ]),
];

export const monitoringRules = [
  ...rulesOf('NewRelic', [
    ['new-relic-user-api-key', 'New Relic user API Key', 'MEDIUM', quotedToken('NRAK-', '[A-Z0-9]{27}', false)],
    [
      'new-relic-user-api-id',
      'New Relic user API ID',
      'MEDIUM',
      assigned(['newrelic', 'new_relic', 'new-relic'], '[A-Z0-9]{64}'),
    ],
    [
      'new-relic-browser-api-token',
      'New Relic ingest browser API token',
      'MEDIUM',
      quotedToken('NRJS-', '[a-f0-9]{19}', false),
    ],
  ]),
  ...rulesOf('Dynatrace', [
    [
      'dynatrace-api-token',
      'Dynatrace API token',
      'MEDIUM',
      quotedToken('dt0c01.', String.raw`[a-z0-9]{24}\.[a-z0-9]{64}`),
    ],
  ]),
  ...rulesOf('Grafana', [
    [
      'grafana-api-token',
      'Grafana API token',
      'MEDIUM',
      pattern({
        triggers: ['eyjrijoi'],
        source: String.raw`(?<=(?<lead>["']?))eyJrIjoi[a-z0-9=_-]{72,92}["']?`,
        ignoreCase: true,
      }),
    ],
  ]),
  ...rulesOf('Fastly', [['fastly-api-token', 'Fastly API token', 'MEDIUM', assigned('fastly', '[a-z0-9=_-]{32}')]]),
  ...rulesOf('Postman', [
    [
      'postman-api-token',
      'Postman API token',
      'MEDIUM',
      token('PMAK-', '[a-f0-9]{24}-[a-f0-9]{34}', { ignoreCase: true }),
    ],
  ]),
  ...rulesOf('Frameio', [
    ['frameio-api-token', 'Frame.io API token', 'LOW', token('fio-u-', '[a-z0-9=_-]{64}', { ignoreCase: true })],
  ]),
];
