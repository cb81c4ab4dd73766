/**
 * Credentials of messaging, mail, marketing and social services.
 * Sources  https://api.slack.com/authentication/token-types · https://www.twilio.com/docs/iam/api-keys ·
 *          https://docs.sendgrid.com/ui/account-and-settings/api-keys · https://discord.com/developers/docs/reference
 */
import { rulesOf } from '../define-rules.js';
import { assigned, token } from '../shape.js';

const slackKinds = ['xoxb-', 'xoxa-', 'xoxp-', 'xoxr-', 'xoxs-'];
const messageBird = ['messagebird', 'message_bird', 'message-bird'];
/** Eight, four, four, four and twelve letters up to `h` and digits. */
const identifier = '[a-h0-9]{8}-[a-h0-9]{4}-[a-h0-9]{4}-[a-h0-9]{4}-[a-h0-9]{12}';

export const messagingRules = [
  ...rulesOf('Slack', [
    // All of the token is hidden, not only its first part.
    ['slack-access-token', 'Slack token', 'HIGH', token(slackKinds, '[0-9a-zA-Z](?:[0-9a-zA-Z-]{0,248}[0-9a-zA-Z])(?<=[0-9a-zA-Z]{1,256})')],
    [
      'slack-web-hook',
      'Slack Webhook',
      'MEDIUM',
      token('hooks.slack.com/services/', '[A-Za-z0-9+/]{43,56}'),
    ],
  ]),
  ...rulesOf('Twilio', [
    [
      'twilio-api-key',
      'Twilio API Key',
      'MEDIUM',
      token(hexStarts('SK'), '[0-9a-fA-F]{31}', { ignoreCase: true, after: 'alphanumeric' }),
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
];

/** A two-letter prefix is too common to look for: each of its continuations is one more trigger. */
function hexStarts(prefix: string): string[] {
  return [...'0123456789abcdef'].map((digit) => prefix + digit);
}
