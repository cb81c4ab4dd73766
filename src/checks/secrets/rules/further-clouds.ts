/**
 * Credentials of clouds and model providers in formats that the reference does not know. Each is known by a prefix or
 * mark that its provider chose so that scanners can find it, or by a name next to it and a value that is random enough.
 * Sources  https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key · https://cloud.google.com/docs/authentication/api-keys ·
 *          https://docs.digitalocean.com/reference/api/create-personal-access-token/ · https://developers.cloudflare.com/fundamentals/api/get-started/ ·
 *          https://developer.hashicorp.com/vault/docs/concepts/tokens · https://tailscale.com/kb/1277/key-prefixes ·
 *          https://fly.io/docs/security/tokens/ · https://docs.doppler.com/docs/service-tokens
 */
import { rulesOf } from '../define-rules.js';
import { named, pattern, token, type TokenOptions } from '../shape.js';

const alone: TokenOptions = { after: 'word' };
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export const furtherModelRules = [
  ...rulesOf('Anthropic', [
    [
      'anthropic-api-key',
      'Anthropic API key or token',
      'CRITICAL',
      token(
        ['sk-ant-api', 'sk-ant-admin', 'sk-ant-oat', 'sk-ant-ort', 'sk-ant-sid'],
        '[0-9]{2}-[A-Za-z0-9_-]{80,256}',
        alone,
      ),
    ],
  ]),
  ...rulesOf('OpenRouter', [
    ['openrouter-api-key', 'OpenRouter API key', 'HIGH', token('sk-or-v1-', '[a-f0-9]{64}', alone)],
  ]),
  ...rulesOf('Groq', [['groq-api-key', 'Groq API key', 'HIGH', token('gsk_', '[A-Za-z0-9]{52}', alone)]]),
  ...rulesOf('xAI', [['xai-api-key', 'xAI API key', 'HIGH', token('xai-', '[A-Za-z0-9]{80}', alone)]]),
  ...rulesOf('Perplexity', [
    ['perplexity-api-key', 'Perplexity API key', 'HIGH', token('pplx-', '[A-Za-z0-9]{48}', alone)],
  ]),
  ...rulesOf('Replicate', [
    [
      'replicate-api-token',
      'Replicate API token',
      'HIGH',
      token('r8_', '[A-Za-z0-9]{37}', { ...alone, notBefore: '[A-Za-z0-9]' }),
    ],
  ]),
  ...rulesOf('LangChain', [
    [
      'langsmith-api-key',
      'LangSmith API key',
      'HIGH',
      token(['lsv2_pt_', 'lsv2_sk_'], '[a-f0-9]{32}_[a-f0-9]{10}', alone),
    ],
  ]),
  ...rulesOf('NVIDIA', [['nvidia-api-key', 'NVIDIA API key', 'HIGH', token('nvapi-', '[A-Za-z0-9_-]{60,70}', alone)]]),
  ...rulesOf('HuggingFace', [
    [
      'hugging-face-organization-token',
      'Hugging Face organization token',
      'HIGH',
      token('api_org_', '[A-Za-z]{34}', alone),
    ],
  ]),
];

export const furtherCloudRules = [
  ...rulesOf('Google', [
    [
      'google-api-key',
      'Google API key',
      'HIGH',
      token('AIza', '[0-9A-Za-z_-]{35}', { after: 'word', notBefore: '[0-9A-Za-z_-]' }),
      { minEntropy: 3 },
    ],
    ['google-oauth-client-secret', 'Google OAuth client secret', 'HIGH', token('GOCSPX-', '[A-Za-z0-9_-]{28}', alone)],
    [
      'google-oauth-access-token',
      'Google OAuth access token',
      'MEDIUM',
      token('ya29.', '[0-9A-Za-z_-]{60,1000}', alone, 1100),
    ],
  ]),
  ...rulesOf('AWS', [
    ['aws-bedrock-api-key', 'Amazon Bedrock API key', 'CRITICAL', token('ABSK', '[A-Za-z0-9+/]{109,269}={0,2}', alone)],
    ['aws-mws-auth-token', 'Amazon MWS auth token', 'HIGH', token('amzn.mws.', uuid, { ignoreCase: true })],
  ]),
  ...rulesOf('Azure', [
    [
      'azure-devops-identifiable-pat',
      'Azure DevOps Personal Access Token (identifiable)',
      'HIGH',
      pattern({
        triggers: ['azdo'],
        source: '(?<=(?<lead>(?<![A-Za-z0-9])[A-Za-z0-9]{76}))AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])',
        before: 96,
      }),
    ],
  ]),
  ...rulesOf('DigitalOcean', [
    [
      'digitalocean-token',
      'DigitalOcean token',
      'CRITICAL',
      token(['dop_v1_', 'doo_v1_', 'dor_v1_'], '[a-f0-9]{64}', alone),
    ],
  ]),
  ...rulesOf('Cloudflare', [
    [
      'cloudflare-api-token',
      'Cloudflare API token or key',
      'HIGH',
      named(['cloudflare', 'cf_api_'], '(?=[a-z0-9_-]{0,39}[g-z])[a-z0-9_-]{40}|[a-f0-9]{37}'),
      { minEntropy: 3.3 },
    ],
    [
      'cloudflare-origin-ca-key',
      'Cloudflare Origin CA key',
      'HIGH',
      token('v1.0-', '[a-f0-9]{24}-[a-f0-9]{146}', alone),
    ],
  ]),
  ...rulesOf('Tencent', [
    [
      'tencent-secret-id',
      'Tencent Cloud secret id',
      'HIGH',
      token('AKID', '[A-Za-z0-9]{32}', { after: 'alphanumeric', notBefore: '[A-Za-z0-9]' }),
      { minEntropy: 3.3 },
    ],
  ]),
  ...rulesOf('Heroku', [
    ['heroku-platform-key', 'Heroku API key (prefixed)', 'HIGH', token('HRKU-AA', '[0-9a-zA-Z_-]{58}', alone)],
  ]),
  ...rulesOf('HashiCorp', [
    [
      'vault-token',
      'HashiCorp Vault token',
      'CRITICAL',
      token(['hvs.', 'hvb.', 'hvr.'], '[A-Za-z0-9_-]{24,500}', alone),
      { minEntropy: 3.3 },
    ],
  ]),
  ...rulesOf('Tailscale', [
    [
      'tailscale-key',
      'Tailscale key',
      'HIGH',
      token('tskey-', '(?:auth|api|client|scim|webhook)-[0-9A-Za-z]{6,32}-[0-9A-Za-z]{20,64}', alone),
    ],
  ]),
  ...rulesOf('Fly.io', [
    [
      'fly-access-token',
      'Fly.io access token',
      'HIGH',
      [
        token('fo1_', '[A-Za-z0-9_-]{43}', alone),
        token(['fm1r_', 'fm1a_', 'fm2_'], '[A-Za-z0-9+/]{100,3000}={0,3}', alone, 3200),
      ],
    ],
  ]),
  ...rulesOf('Netlify', [
    ['netlify-token', 'Netlify personal access token', 'HIGH', token('nfp_', '[A-Za-z0-9_]{36}', alone)],
  ]),
  ...rulesOf('Supabase', [
    [
      'supabase-token',
      'Supabase access token or secret key',
      'HIGH',
      [token('sbp_', '[a-f0-9]{40}', alone), token('sb_secret_', '[A-Za-z0-9_-]{31}', alone)],
    ],
  ]),
  ...rulesOf('Planetscale', [
    [
      'planetscale-oauth-token',
      'PlanetScale OAuth token',
      'MEDIUM',
      token('pscale_oauth_', '[A-Za-z0-9_.=-]{32,64}', alone),
    ],
  ]),
  ...rulesOf('MongoDB', [
    [
      'mongodb-atlas-secret',
      'MongoDB Atlas service account secret',
      'HIGH',
      token('mdb_sa_sk_', '[A-Za-z0-9_-]{40}', alone),
    ],
  ]),
  ...rulesOf('Doppler', [
    [
      'doppler-service-token',
      'Doppler service token',
      'HIGH',
      token(
        ['dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
        '(?:[a-z0-9_-]{2,35}[.])?[A-Za-z0-9]{40,44}',
        alone,
      ),
    ],
  ]),
  ...rulesOf('1Password', [
    [
      'onepassword-service-account-token',
      '1Password service account token',
      'CRITICAL',
      token('ops_eyJ', '[A-Za-z0-9_-]{200,2000}={0,2}', alone, 2100),
    ],
  ]),
];
