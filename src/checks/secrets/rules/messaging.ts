/**
 * Credentials of messaging, mail, marketing and social services.
 * Sources  https://api.slack.com/authentication/token-types · https://www.twilio.com/docs/iam/api-keys ·
 *          https://docs.sendgrid.com/ui/account-and-settings/api-keys · https://discord.com/developers/docs/reference ·
 *          https://mailchimp.com/developer/marketing/docs/fundamentals/ · https://developers.brevo.com/docs/getting-started
 */
import { rulesOf } from '../define-rules.js';
import { assigned, assignment, pattern, token } from '../shape.js';

const slackKinds = ['xoxb-', 'xoxa-', 'xoxp-', 'xoxr-', 'xoxs-'];
const messageBird = ['messagebird', 'message_bird', 'message-bird'];
/** As a UUID, with letters up to `h`. */
const identifier = '[a-h0-9]{8}-[a-h0-9]{4}-[a-h0-9]{4}-[a-h0-9]{4}-[a-h0-9]{12}';
/** Two letters are too common to look for: each continuation is a trigger of its own. */
const twilioStarts = [...'0123456789abcdef'].map((digit) => `sk${digit}`);

export const messagingRules = [
  ...rulesOf('Slack', [
    [
      'slack-access-token',
      'Slack token',
      'HIGH',
      token(slackKinds, '(?:[0-9]{1,2}-)?[0-9a-zA-Z]{10,80}(?:-[0-9a-zA-Z]{1,80}){0,5}'),
    ],
    [
      'slack-web-hook',
      'Slack Webhook',
      'MEDIUM',
      pattern({
        triggers: ['hooks.slack.com/services/'],
        source: String.raw`(?<=(?<lead>(?:https://)?))hooks\.slack\.com/services/[A-Za-z0-9+/]{44,56}`,
      }),
    ],
  ]),
  ...rulesOf('Twilio', [
    [
      'twilio-api-key',
      'Twilio API Key',
      'MEDIUM',
      pattern({ triggers: twilioStarts, source: '(?<![0-9A-Za-z])SK[0-9a-fA-F]{32}' }),
    ],
  ]),
  ...rulesOf('SendGrid', [
    [
      'sendgrid-api-token',
      'SendGrid API token',
      'MEDIUM',
      token('SG.', '[a-z0-9_.-]{66}', { ignoreCase: true, after: 'alphanumeric' }),
    ],
  ]),
  ...rulesOf('Mailchimp', [
    ['mailchimp-api-key', 'Mailchimp API key', 'MEDIUM', assigned('mailchimp', String.raw`[a-f0-9]{32}-us[0-9]{1,2}`)],
  ]),
  ...rulesOf('Mailgun', [
    ['mailgun-token', 'Mailgun private API token', 'MEDIUM', assigned('mailgun', '(?:pub)?key-[a-f0-9]{32}')],
    [
      'mailgun-signing-key',
      'Mailgun webhook signing key',
      'MEDIUM',
      assigned('mailgun', '[a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}'),
    ],
  ]),
  ...rulesOf('Sendinblue', [
    [
      'sendinblue-api-token',
      'Sendinblue API token',
      'LOW',
      token('xkeysib-', '[a-f0-9]{64}-[a-z0-9]{16}', { ignoreCase: true }),
    ],
  ]),
  ...rulesOf('MessageBird', [
    ['messagebird-api-token', 'MessageBird API token', 'MEDIUM', assigned(messageBird, '[a-z0-9]{25}')],
    ['messagebird-client-id', 'MessageBird API client ID', 'MEDIUM', assigned(messageBird, identifier)],
  ]),
  ...rulesOf('Discord', [
    ['discord-api-token', 'Discord API key', 'MEDIUM', assigned('discord', '[a-h0-9]{64}')],
    ['discord-client-id', 'Discord client ID', 'MEDIUM', assigned('discord', '[0-9]{18}')],
    ['discord-client-secret', 'Discord client secret', 'MEDIUM', assigned('discord', '[a-z0-9=_-]{32}')],
  ]),
  ...rulesOf('Intercom', [
    ['intercom-api-token', 'Intercom API token', 'LOW', assigned('intercom', '[a-z0-9=_]{60}')],
    ['intercom-client-secret', 'Intercom client secret/ID', 'LOW', assigned('intercom', identifier)],
  ]),
  ...rulesOf('HubSpot', [['hubspot-api-token', 'HubSpot API token', 'LOW', assigned('hubspot', identifier)]]),
  ...rulesOf('Facebook', [['facebook-token', 'Facebook token', 'LOW', assigned('facebook', '[a-f0-9]{32}')]]),
  ...rulesOf('Twitter', [['twitter-token', 'Twitter token', 'LOW', assigned('twitter', '[a-f0-9]{35,44}')]]),
  ...rulesOf('LinkedIn', [
    ['linkedin-client-secret', 'LinkedIn Client secret', 'LOW', assigned('linkedin', '[a-z0-9]{16}')],
    ['linkedin-client-id', 'LinkedIn Client ID', 'LOW', assigned('linkedin', '[a-z0-9]{14}')],
  ]),
  ...rulesOf('Twitch', [['twitch-api-token', 'Twitch API token', 'LOW', assigned('twitch', '[a-z0-9]{30}')]]),
  ...rulesOf('Beamer', [['beamer-api-token', 'Beamer API token', 'LOW', assigned('beamer', 'b_[a-z0-9=_-]{44}')]]),
  ...rulesOf('Lob', [
    ['lob-api-key', 'Lob API Key', 'LOW', assigned('lob', '(?:live|test)_[a-f0-9]{35}')],
    ['lob-pub-api-key', 'Lob Publishable API Key', 'LOW', assigned('lob', '(?:live|test)_pub_[a-f0-9]{31}')],
  ]),
  ...rulesOf('Typeform', [
    [
      'typeform-api-token',
      'Typeform API token',
      'LOW',
      pattern({
        triggers: ['typeform'],
        source: `typeform${assignment}(?<secret>tfp_[a-z0-9._=-]{59})`,
        ignoreCase: true,
      }),
    ],
  ]),
];
