import assert from 'node:assert/strict';
import { test } from 'node:test';
import { severities } from '#model';
import { furtherRules, referenceRules } from './built-in-rules.js';
import { byteSourceOf } from './byte-source.js';
import { findSecrets } from './find-secrets.js';
import { createRuleSet } from './rule-set.js';
import { makeSample } from './samples.test.kit.js';
import { defaultSecretConfig } from './secret-config.js';

const uuid = '{h8}-{h4}-{h4}-{h4}-{h12}';
const body = '-----\n«{b64}\n{b64}\n{b20}==»\n-----';

/** Rule, a secret of it, the file's path where it counts, and a text that is none when a shorter one does not tell. */
const samples: readonly (readonly [id: string, sample: string, path?: string | undefined, negative?: string])[] = [
  ['adobe-client-id', `adobe_id = "«{h32}»"`],
  ['adobe-client-secret', '«p8e-{l32}»'],
  ['age-secret-key', '«AGE-SECRET-KEY-1{q58}»'],
  ['airtable-token', '«pat{a14}.{h64}»'],
  ['alibaba-access-key-id', '«LTAI{l20}»'],
  ['alibaba-secret-key', `alibaba_secret: '«{l30}»'`],
  ['anthropic-api-key', '«sk-ant-api03-{w93}»'],
  ['asana-client-id', `asana.id => "«{d16}»"`],
  ['asana-client-secret', `asana.secret := '«{l32}»'`],
  ['atlassian-api-token', `atlassian-token = "«{l24}»"`],
  ['atlassian-cloud-api-token', '«ATATT3{w186}»'],
  ['aws-access-key-id', '«AKIA{u16}»'],
  ['aws-bedrock-api-key', '«ABSK{b112}»'],
  ['aws-mws-auth-token', `«amzn.mws.${uuid}»`],
  ['aws-secret-access-key', `AWS_SECRET_ACCESS_KEY = "«{b40}»"`],
  ['azure-ai-services-key', '«{b52}JQQJ99{b18}ACOG{b4}»'],
  ['azure-app-config-connection-string', 'Endpoint=https://name.azconfig.io;Id={a4};Secret=«{b44}»'],
  ['azure-container-registry-credential', '«{b52}JQQJ99{b18}AZCR{b4}»'],
  ['azure-container-registry-password', 'login name.azurecr.io password: «{b32}»'],
  ['azure-devops-identifiable-pat', '«{a76}AZDO{a4}»'],
  ['azure-devops-pat', 'AZURE_DEVOPS_EXT_PAT=«{t52}»'],
  ['azure-entra-client-secret', 'client_secret=«{a3}8Q~{a34}»'],
  ['azure-sas-token', 'https://name.blob.test/?sv=2023-11-03&sr=b&sp=r&sig=«{b43}%3D»'],
  ['azure-storage-account-key', 'AccountName=x;AccountKey=«{b86}==»;'],
  ['beamer-api-token', `beamer = "«b_{l44}»"`],
  ['bitbucket-app-password', '«ATBB{a32}»'],
  ['bitbucket-client-id', `bitbucket_key = "«{l32}»"`],
  ['bitbucket-client-secret', `bitbucket_secret = "«{l64}»"`],
  ['braintree-access-token', '«access_token$production${l16}${h32}»'],
  ['buildkite-token', '«bkua_{l40}»'],
  ['circleci-token', '«CCIPAT_{a22}_{h40}»'],
  ['clojars-api-token', '«CLOJARS_{l60}»'],
  ['cloudflare-api-token', 'CLOUDFLARE_API_TOKEN=«{a40}»'],
  ['cloudflare-origin-ca-key', '«v1.0-{h24}-{h146}»'],
  ['contentful-delivery-api-token', `contentful = "«{l43}»"`],
  ['crates-io-token', '«cio{a32}»'],
  ['databricks-api-token', '«dapi{h32}»'],
  ['datadog-key', 'DD_API_KEY=«{h32}»'],
  ['digitalocean-token', '«dop_v1_{h64}»'],
  ['discord-api-token', `discord_token = "«{h64}»"`],
  ['discord-client-id', `discord_client = "«{d18}»"`],
  ['discord-client-secret', `discord_secret = "«{l32}»"`],
  ['discord-webhook', '«discord.com/api/webhooks/{d18}/{w68}»'],
  ['docker-hub-token', '«dckr_pat_{w27}»'],
  ['docker-registry-auth', '"auth": "«{b40}==»"', 'root/.docker/config.json', '"auth": "{b4}"'],
  ['dockerconfig-secret', '  .dockerconfigjson: «eyJ{b80}=»', undefined, '  .dockerconfigjson: x{b80}'],
  ['doppler-api-token', `«"dp.pt.{l43}"»`],
  ['doppler-service-token', '«dp.st.prd.{a40}»'],
  ['dropbox-api-secret', `«dropbox_key = "{l15}"»`],
  ['dropbox-long-lived-api-token', `«dropbox = "{l11}AAAAAAAAAA{l43}"»`],
  ['dropbox-short-lived-api-token', `«dropbox = "sl.{l135}"»`],
  ['duffel-api-token', `«"duffel_test_{l43}"»`],
  ['dynatrace-api-token', `«"dt0c01.{l24}.{l64}"»`],
  ['easypost-api-token', `«"EZAK{l54}"»`],
  ['facebook-token', `facebook = "«{h32}»"`],
  ['fastly-api-token', `fastly = "«{l32}»"`],
  ['figma-token', '«figd_{w40}»'],
  ['finicity-api-token', `finicity = "«{h32}»"`],
  ['finicity-client-secret', `finicity = "«{l20}»"`],
  ['flutterwave-enc-key', '«FLWSECK_TEST{h12}»'],
  ['flutterwave-public-key', '«FLWPUBK_TEST-{h32}-X»'],
  ['fly-access-token', '«fm2_{b120}»'],
  ['frameio-api-token', '«fio-u-{l64}»'],
  ['gcp-service-account', '«"type": "service_account"»', undefined, '"type": "authorized_user"'],
  ['github-app-token', '«ghs_{a36}»'],
  ['github-fine-grained-pat', '«github_pat_{a22}_{a59}»'],
  ['github-oauth', '«gho_{a36}»'],
  ['github-pat', '«ghp_{a36}»'],
  ['github-refresh-token', '«ghr_{a76}»'],
  ['gitlab-pat', '«glpat-{a20}»'],
  ['gitlab-runner-registration-token', '«GR1348941{w20}»'],
  ['gitlab-token', '«glrt-{w20}»'],
  ['gocardless-api-token', `«"live_{l40}"»`],
  ['google-api-key', '«AIza{a35}»'],
  ['google-oauth-access-token', '«ya29.{w100}»'],
  ['google-oauth-client-secret', '«GOCSPX-{w28}»'],
  ['grafana-api-token', '«eyJrIjoi{l80}»'],
  ['grafana-cloud-token', '«glc_eyJ{b60}»'],
  ['grafana-service-account-token', '«glsa_{a32}_{h8}»'],
  ['groq-api-key', '«gsk_{a52}»'],
  ['hashicorp-tf-api-token', `«"{l14}.atlasv1.{l67}"»`],
  ['heroku-api-key', `heroku_key = "«${uuid}»"`],
  ['heroku-platform-key', '«HRKU-AA{w58}»'],
  ['hubspot-api-token', `hubspot = "«${uuid}»"`],
  ['hugging-face-access-token', '«hf_{a34}»'],
  ['hugging-face-organization-token', '«api_org_{s34}»'],
  ['intercom-api-token', `intercom = "«{l60}»"`],
  ['intercom-client-secret', `intercom = "«${uuid}»"`],
  ['ionic-api-token', `«ionic = "ion_{l42}"»`],
  ['jfrog-api-key', '«AKCp{a69}»'],
  ['jwt-token', '«eyJ{a30}.eyJ{a60}.{w43}»'],
  ['langsmith-api-key', '«lsv2_pt_{h32}_{h10}»'],
  ['linear-api-token', '«lin_api_{l40}»'],
  ['linear-client-secret', `linear = "«{h32}»"`],
  ['linear-oauth-token', '«lin_oauth_{h64}»'],
  ['linkedin-client-id', `linkedin = "«{l14}»"`],
  ['linkedin-client-secret', `linkedin = "«{l16}»"`],
  ['lob-api-key', `lob = "«live_{h35}»"`],
  ['lob-pub-api-key', `lob = "«live_pub_{h31}»"`],
  ['mailchimp-api-key', `mailchimp = "«{h32}-us7»"`],
  ['mailgun-signing-key', `mailgun = "«{h32}-{h8}-{h8}»"`],
  ['mailgun-token', `mailgun = "«key-{h32}»"`],
  ['mapbox-api-token', '«pk.{l60}.{l22}»'],
  [
    'maven-settings-passphrase',
    '<passphrase>«{a12}»</passphrase>',
    'm2/settings.xml',
    '<passphrase>{{a12}}</passphrase>',
  ],
  ['maven-settings-password', '<password>«{a12}»</password>', 'm2/settings.xml', '<password>${env.X}</password>'],
  ['maven-settings-security-master', '<master>«{a12}»</master>', 'settings-security.xml', '<master></master>'],
  ['messagebird-api-token', `messagebird = "«{l25}»"`],
  ['messagebird-client-id', `message_bird = "«${uuid}»"`],
  ['microsoft-teams-webhook', `«webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/{h32}/${uuid}»`],
  ['mongodb-atlas-secret', '«mdb_sa_sk_{w40}»'],
  ['netlify-token', '«nfp_{a36}»'],
  ['new-relic-browser-api-token', `«"NRJS-{h19}"»`],
  ['new-relic-license-key', '«{h36}NRAL»'],
  ['new-relic-user-api-id', `new_relic = "«{u64}»"`],
  ['new-relic-user-api-key', `«"NRAK-{u27}"»`],
  ['notion-token', '«ntn_{d11}{a35}»'],
  ['npm-access-token', `«"npm_{l36}"»`],
  ['npm-auth-token', '//registry.test/:_authToken=«{a40}»', 'root/.npmrc', '//registry.test/:_authToken=${TOKEN}'],
  ['npm-token', '«npm_{a36}»'],
  ['nuget-api-key', '«oy2{l43}»'],
  ['nvidia-api-key', '«nvapi-{w64}»'],
  ['onepassword-service-account-token', '«ops_eyJ{w300}»'],
  ['openai-admin-api-key', '«sk-admin-{a20}T3BlbkFJ{a20}»'],
  ['openai-legacy-api-key', '«sk-{a20}T3BlbkFJ{a20}»'],
  ['openai-project-api-key', '«sk-proj-{a20}T3BlbkFJ{a20}»'],
  ['openai-realtime-client-secret', '«ek_{h32}»'],
  ['openai-service-account-key', '«sk-svcacct-{a20}T3BlbkFJ{a20}»'],
  ['openai-service-api-key', '«sk-service-{a20}T3BlbkFJ{a20}»'],
  ['openrouter-api-key', '«sk-or-v1-{h64}»'],
  ['perplexity-api-key', '«pplx-{a48}»'],
  ['plaid-access-token', `«access-sandbox-${uuid}»`],
  ['planetscale-api-token', '«pscale_tkn_{l43}»'],
  ['planetscale-oauth-token', '«pscale_oauth_{a32}»'],
  ['planetscale-password', '«pscale_pw_{l43}»'],
  ['postman-api-token', '«PMAK-{h24}-{h34}»'],
  ['postman-collection-token', '«PMAT-{u26}»'],
  [
    'private-key',
    `-----BEGIN RSA PRIVATE KEY${body}END RSA PRIVATE KEY-----`,
    undefined,
    `-----BEGIN CERTIFICATE${body}END CERTIFICATE-----`,
  ],
  ['private-packagist-token', '«packagist_out_{h68}»'],
  ['pulumi-api-token', '«pul-{h40}»'],
  [
    'putty-private-key',
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\n{b64}\nPrivate-Lines: 1\n«{b44}\n»Private-MAC: {h64}\n',
    undefined,
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n',
  ],
  ['pypi-test-token', '«pypi-AgENdGVzdC5weXBpLm9yZ{w60}»'],
  ['pypi-upload-token', '«pypi-AgEIcHlwaS5vcmc{w60}»'],
  ['razorpay-key', '«rzp_live_{a14}»'],
  ['replicate-api-token', '«r8_{a37}»'],
  ['rubygems-api-token', '«rubygems_{h48}»'],
  ['sendgrid-api-token', '«SG.{l66}»'],
  ['sendinblue-api-token', '«xkeysib-{h64}-{l16}»'],
  ['sentry-token', '«sntryu_{h64}»'],
  ['shippo-api-token', '«shippo_live_{h40}»'],
  ['shopify-token', '«shpat_{h32}»'],
  ['slack-access-token', '«xoxb-{d12}-{d12}-{a24}»'],
  ['slack-app-token', '«xapp-1-{u11}-{d13}-{h64}»'],
  ['slack-configuration-token', '«xoxe.xoxp-1-{a120}»'],
  ['slack-web-hook', '«https://hooks.slack.com/services/{b44}»'],
  ['snyk-token', `SNYK_TOKEN=«${uuid}»`],
  ['sonarqube-token', '«squ_{h40}»'],
  ['square-token', '«sq0atp-{w22}»'],
  ['stripe-publishable-token', '«pk_live_{a14}»'],
  ['stripe-restricted-key', '«rk_live_{a14}»'],
  ['stripe-secret-token', '«sk_live_{a14}»'],
  ['stripe-webhook-secret', '«whsec_{b32}»'],
  ['supabase-token', '«sbp_{h40}»'],
  ['symfony-default-secret', '«ThisTokenIsNotSo{s0}SecretChangeIt»', undefined, 'ThisTokenIsSecret'],
  ['tailscale-key', '«tskey-auth-{a12}-{a32}»'],
  ['telegram-bot-token', '«{d10}:AA{w33}»'],
  ['tencent-secret-id', '«AKID{a32}»'],
  ['twilio-api-key', '«SK{h32}»'],
  ['twitch-api-token', `twitch = "«{l30}»"`],
  ['twitter-token', `twitter = "«{h40}»"`],
  ['typeform-api-token', `typeform = «tfp_{l59}»`],
  ['vault-token', '«hvs.{w40}»'],
  ['xai-api-key', '«xai-{a80}»'],
];

const rules = createRuleSet(defaultSecretConfig);

function found(text: string, path = 'app/settings.txt'): { id: string; start: number; end: number }[] {
  return findSecrets(byteSourceOf(new TextEncoder().encode(text)), path, rules).secrets.map(({ rule, start, end }) => ({
    id: rule.id,
    start,
    end,
  }));
}

const lead = '# set\n ';

for (const [id, template, path, negative] of samples) {
  test(`${id}: found as a whole, not when it is cut or something else`, () => {
    for (const seed of [1, 2, 3]) {
      const { text, start, end } = makeSample(template, seed);
      const hits = found(`${lead}${text}\nend\n`, path).filter((hit) => hit.id === id);
      assert.deepEqual(hits, [{ id, start: start + lead.length, end: end + lead.length }], text);
      const other = negative ? makeSample(negative, seed).text : makeSample(template, seed, 0.5).text;
      assert.deepEqual(
        found(`${lead}${other}\nend\n`, path).filter((hit) => hit.id === id),
        [],
        other,
      );
    }
  });
}

test('every rule has a sample, an id of its own and what reports show', () => {
  const all = [...referenceRules, ...furtherRules];
  assert.deepEqual(all.map((rule) => rule.id).sort(), samples.map(([id]) => id).sort());
  for (const rule of all) {
    assert.match(rule.id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.ok(rule.category && rule.title && rule.shapes.length > 0, rule.id);
    assert.ok(
      rule.shapes.every(({ triggers }) => triggers.every((t) => t.length > 2 && t === t.toLowerCase())),
      rule.id,
    );
  }
});

test('the rules of the reference have its severities', () => {
  const counts = severities.map((severity) => referenceRules.filter((rule) => rule.severity === severity).length);
  assert.deepEqual(counts, [1, 21, 38, 25, 20]);
});

test('tokens inside longer words are none', () => {
  const { text } = makeSample('ghp_{a36}');
  assert.equal(found(`x${text}`).length, 0);
  assert.equal(found(`_${text}`).length, 0);
  assert.equal(found(`=${text}y`).length, 1);
  const key = makeSample('AKIA{u16}').text;
  assert.equal(found(`0${key}`).length, 0);
  assert.equal(found(`${key}1`).length, 0);
  assert.equal(found(`"${key}"`).length, 1);
});

test('what calls itself an example passes', () => {
  const { text } = makeSample('AKIA{u9}');
  assert.deepEqual(found(`key = ${text}EXAMPLE`), []);
});

test('a placeholder is no secret where a rule asks for randomness', () => {
  assert.deepEqual(found(`key = AIza${'x'.repeat(35)}`), []);
});

test('keys in other people’s formats: escaped line breaks, PGP armor, headers', () => {
  const inJson = makeSample('{"key": "-----BEGIN PRIVATE KEY-----«\\n{b64}\\n{b20}\\n»-----END PRIVATE KEY-----"}');
  assert.deepEqual(found(inJson.text), [{ id: 'private-key', start: inJson.start, end: inJson.end }]);
  const pgp = makeSample(
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\n«Version: x 1\n\n{b64}\n={a4}»\n-----END PGP PRIVATE KEY BLOCK-----',
  );
  assert.deepEqual(found(pgp.text), [{ id: 'private-key', start: pgp.start, end: pgp.end }]);
  assert.deepEqual(found('"-----BEGIN PRIVATE KEY-----" + body + "-----END PRIVATE KEY-----"'), []);
});

test('claims inside a token of an installation are no token of their own', () => {
  const { text } = makeSample('ghs_{d5}_eyJ{a30}.eyJ{a30}.{a30}');
  assert.deepEqual(
    found(text).map((hit) => hit.id),
    ['github-app-token'],
  );
});
